package io.javelin.server.grpc;

import java.io.IOException;
import java.io.OutputStream;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;

/// Writes protobuf wire format to a stream through a small reused array. Protobuf's own
/// `CodedOutputStream` would do, but makes a buffer for itself and a byte array for each text: half
/// of what a small answer allocated. Used for one message, by one thread.
///
/// Source of the format: protobuf "Encoding". Field numbers up to 15 only, whose tags are one byte.
final class ReplyWriter {
  /// Longest varint of an `int32` that is not negative, and of an `int64`.
  private static final int MAX_LENGTH_BYTES = 5;

  private static final int MAX_VARINT_BYTES = 10;

  private final OutputStream target;
  private final byte[] scratch;
  private int at;

  /// @param scratch of at least 16 bytes; its content is lost
  ReplyWriter(OutputStream target, byte[] scratch) {
    this.target = target;
    this.scratch = scratch;
  }

  /// Begins a field whose `length` bytes follow.
  void lengthDelimited(int field, int length) throws IOException {
    makeRoom(1 + MAX_LENGTH_BYTES);
    scratch[at++] = (byte) (field << 3 | WireCursor.WIRE_LENGTH_DELIMITED);
    putVarint(length);
  }

  void varint(long value) throws IOException {
    makeRoom(MAX_VARINT_BYTES);
    putVarint(value);
  }

  /// A whole string field.
  void string(int field, String text) throws IOException {
    int length = text.length();
    if (length > scratch.length || !isAscii(text)) {
      byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
      lengthDelimited(field, utf8.length);
      bytes(MemorySegment.ofArray(utf8), 0, utf8.length);
      return;
    }
    lengthDelimited(field, length);
    makeRoom(length);
    for (int i = 0; i < length; i++) {
      scratch[at++] = (byte) text.charAt(i);
    }
  }

  private static boolean isAscii(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) >= 0x80) {
        return false;
      }
    }
    return true;
  }

  /// Bytes as they are.
  void bytes(MemorySegment source, long offset, long length) throws IOException {
    long from = offset;
    long end = offset + length;
    while (from < end) {
      makeRoom(1);
      int chunk = (int) Math.min(end - from, scratch.length - at);
      MemorySegment.copy(source, ValueLayout.JAVA_BYTE, from, scratch, at, chunk);
      at += chunk;
      from += chunk;
    }
  }

  /// Hands over what is still in the array.
  void flush() throws IOException {
    target.write(scratch, 0, at);
    at = 0;
  }

  private void makeRoom(int bytes) throws IOException {
    if (scratch.length - at < bytes) {
      flush();
    }
  }

  private void putVarint(long value) {
    long left = value;
    while ((left & ~0x7fL) != 0) {
      scratch[at++] = (byte) (left | 0x80);
      left >>>= 7;
    }
    scratch[at++] = (byte) left;
  }
}
