package io.javelin.server.grpc;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// The bytes of one received message, in one buffer or several, addressed by offset. Absolute reads
/// only: safe to read from any thread while the buffers live.
final class ReceivedMessage {
  private final ByteBuffer[] parts;

  /// `offset - shifts[i]` is the index in `parts[i]` of the byte at `offset`.
  private final int[] shifts;

  private final int size;

  /// The bytes of each part from its position to its limit, which must not be moved any more.
  ReceivedMessage(List<ByteBuffer> parts) {
    this.parts = new ByteBuffer[parts.size()];
    this.shifts = new int[parts.size()];
    int at = 0;
    for (int i = 0; i < this.parts.length; i++) {
      ByteBuffer part = parts.get(i);
      this.parts[i] = part;
      shifts[i] = at - part.position();
      at += part.remaining();
    }
    this.size = at;
  }

  int size() {
    return size;
  }

  byte byteAt(int offset) {
    int part = partOf(offset);
    return parts[part].get(offset - shifts[part]);
  }

  int intAt(int offset) {
    int part = partOf(offset);
    int inPart = offset - shifts[part];
    if (inPart + Integer.BYTES <= parts[part].limit()) {
      int value = parts[part].getInt(inPart);
      return parts[part].order() == ByteOrder.LITTLE_ENDIAN ? value : Integer.reverseBytes(value);
    }
    int value = 0;
    for (int i = 0; i < Integer.BYTES; i++) {
      value |= (byteAt(offset + i) & 0xff) << (8 * i);
    }
    return value;
  }

  String text(int offset, int length) {
    byte[] bytes = new byte[length];
    int part = partOf(offset);
    int done = 0;
    while (done < length) {
      int inPart = offset + done - shifts[part];
      int chunk = Math.min(length - done, parts[part].limit() - inPart);
      parts[part].get(inPart, bytes, done, chunk);
      done += chunk;
      part++;
    }
    return new String(bytes, StandardCharsets.UTF_8);
  }

  /// Copies `length` bytes from `offset` to `target`.
  void copy(int offset, MemorySegment target, long targetOffset, int length) {
    int part = partOf(offset);
    int done = 0;
    while (done < length) {
      ByteBuffer from = parts[part];
      int inPart = offset + done - shifts[part];
      int chunk = Math.min(length - done, from.limit() - inPart);
      MemorySegment.copy(
          MemorySegment.ofBuffer(from), // Starts at the position.
          ValueLayout.JAVA_BYTE,
          inPart - from.position(),
          target,
          ValueLayout.JAVA_BYTE,
          targetOffset + done,
          chunk);
      done += chunk;
      part++;
    }
  }

  private int partOf(int offset) {
    if (parts.length == 1) {
      return 0;
    }
    int low = 0;
    int high = parts.length - 1;
    while (low < high) {
      int middle = (low + high + 1) >>> 1;
      if (shifts[middle] + parts[middle].position() <= offset) {
        low = middle;
      } else {
        high = middle - 1;
      }
    }
    return low;
  }
}
