package io.javelin.loader.engine.onnx;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtException;
import io.javelin.loader.engine.EngineException;
import java.lang.foreign.MemorySegment;

/// Memory of one input and the tensor over it. A run: [#memory], [#bind], the run, [#release].
sealed interface InputSlot extends AutoCloseable
    permits FixedInput, GrowingInput, StringInput, UnsignedInput {
  /// At least `bytes` bytes to write into.
  MemorySegment memory(long bytes);

  /// The tensor for one run.
  ///
  /// @param shape checked against the signature by the caller
  /// @throws EngineException when what was written does not fill the shape
  OnnxTensor bind(int rows, long[] shape) throws OrtException, EngineException;

  /// Drops what [#bind] made for this run only.
  void release();

  @Override
  void close();
}
