package io.javelin.server.grpc;

import io.javelin.server.pipeline.TensorBytes;
import java.lang.foreign.MemorySegment;

/// A tensor's bytes inside a received message.
record ReceivedBytes(ReceivedMessage message, int offset, int length) implements TensorBytes {
  @Override
  public long size() {
    return length;
  }

  @Override
  public void copyTo(MemorySegment target, long targetOffset) {
    message.copy(offset, target, targetOffset, length);
  }

  @Override
  public int intAt(long at) {
    return message.intAt(offset + (int) at);
  }
}
