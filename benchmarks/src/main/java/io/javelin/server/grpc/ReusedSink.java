package io.javelin.server.grpc;

import java.io.OutputStream;
import java.nio.ByteBuffer;

/// Takes the place of the transport's buffer: holds the last message that was written.
final class ReusedSink extends OutputStream {
  private final ByteBuffer buffer;

  ReusedSink(int capacity) {
    this.buffer = ByteBuffer.allocateDirect(capacity);
  }

  /// Forgets the last message.
  ReusedSink restart() {
    buffer.clear();
    return this;
  }

  @Override
  public void write(int value) {
    buffer.put((byte) value);
  }

  @Override
  public void write(byte[] bytes, int offset, int length) {
    buffer.put(bytes, offset, length);
  }

  /// What was written since [#restart]; valid until the next one.
  ByteBuffer written() {
    return buffer.duplicate().flip();
  }
}
