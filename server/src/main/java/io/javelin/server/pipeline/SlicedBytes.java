package io.javelin.server.pipeline;

import java.lang.foreign.MemorySegment;

/// A range of another tensor's bytes.
record SlicedBytes(TensorBytes whole, long from, long size) implements TensorBytes {
  @Override
  public void copyTo(long offset, long length, MemorySegment target, long targetOffset) {
    whole.copyTo(from + offset, length, target, targetOffset);
  }

  @Override
  public int intAt(long offset) {
    return whole.intAt(from + offset);
  }
}
