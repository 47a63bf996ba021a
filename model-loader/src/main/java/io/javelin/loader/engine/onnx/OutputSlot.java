package io.javelin.loader.engine.onnx;

import java.lang.foreign.MemorySegment;

/// Where one output of the last run lies.
sealed interface OutputSlot extends AutoCloseable permits PinnedOutput, CopiedOutput {
  /// Bytes of the last run, exactly.
  MemorySegment bytes();

  /// Full shape of the last run.
  long[] shape();

  @Override
  void close();
}
