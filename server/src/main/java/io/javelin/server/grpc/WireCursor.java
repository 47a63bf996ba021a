package io.javelin.server.grpc;

/// Reads protobuf wire format from a message that may lie in several buffers (a gRPC message is
/// split over HTTP/2 frames as the connection's window allows). Positions are offsets into the
/// whole message; the buffers' own positions are not used or changed. Not thread-safe.
///
/// Source of the format: protobuf "Encoding" (varints, tags, length-delimited fields).
final class WireCursor {
  static final int WIRE_VARINT = 0;
  static final int WIRE_FIXED64 = 1;
  static final int WIRE_LENGTH_DELIMITED = 2;
  static final int WIRE_FIXED32 = 5;

  private final ReceivedMessage message;
  private int position;
  private int limit;

  WireCursor(ReceivedMessage message) {
    this.message = message;
    this.limit = message.size();
  }

  ReceivedMessage message() {
    return message;
  }

  int position() {
    return position;
  }

  int limit() {
    return limit;
  }

  boolean hasMore() {
    return position < limit;
  }

  /// Restricts reading to the next `length` bytes; returns the old limit for [#leave].
  int enter(int length) throws MalformedMessageException {
    int outer = limit;
    if (length < 0 || length > limit - position) {
      throw truncated();
    }
    limit = position + length;
    return outer;
  }

  /// Ends an [#enter]ed part, wherever reading stopped in it.
  void leave(int outerLimit) {
    position = limit;
    limit = outerLimit;
  }

  int readTag() throws MalformedMessageException {
    int tag = (int) readVarint();
    if (tag >>> 3 == 0) {
      throw new MalformedMessageException("field number 0");
    }
    return tag;
  }

  long readVarint() throws MalformedMessageException {
    long value = 0;
    for (int shift = 0; shift < 64; shift += 7) {
      if (position >= limit) {
        throw truncated();
      }
      byte b = message.byteAt(position++);
      value |= (long) (b & 0x7f) << shift;
      if (b >= 0) {
        return value;
      }
    }
    throw new MalformedMessageException("varint longer than 10 bytes");
  }

  int readLength() throws MalformedMessageException {
    long length = readVarint();
    if (length < 0 || length > limit - position) {
      throw truncated();
    }
    return (int) length;
  }

  String readString() throws MalformedMessageException {
    int length = readLength();
    String text = message.text(position, length);
    position += length;
    return text;
  }

  /// Reads a string that is likely to come again.
  String readName(RecentNames names) throws MalformedMessageException {
    int length = readLength();
    String text = names.text(message, position, length);
    position += length;
    return text;
  }

  /// Skips a length-delimited value and returns where it began; its length is `position() - begin`.
  int skipBytes() throws MalformedMessageException {
    int length = readLength();
    int begin = position;
    position += length;
    return begin;
  }

  void skip(int tag) throws MalformedMessageException {
    switch (tag & 7) {
      case WIRE_VARINT -> readVarint();
      case WIRE_FIXED64 -> advance(Long.BYTES);
      case WIRE_LENGTH_DELIMITED -> skipBytes();
      case WIRE_FIXED32 -> advance(Integer.BYTES);
      default -> throw new MalformedMessageException("unknown wire type " + (tag & 7));
    }
  }

  private void advance(int bytes) throws MalformedMessageException {
    if (bytes > limit - position) {
      throw truncated();
    }
    position += bytes;
  }

  private MalformedMessageException truncated() {
    return new MalformedMessageException("message ends inside a field at byte " + position);
  }
}
