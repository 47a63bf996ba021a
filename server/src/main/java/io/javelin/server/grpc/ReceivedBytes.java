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
  public void copyTo(long from, long count, MemorySegment target, long targetOffset) {
    message.copy(offset + (int) from, target, targetOffset, (int) count);
  }

  @Override
  public int intAt(long at) {
    return message.intAt(offset + (int) at);
  }
}
