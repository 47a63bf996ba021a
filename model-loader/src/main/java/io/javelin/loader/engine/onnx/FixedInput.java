package io.javelin.loader.engine.onnx;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtException;
import java.lang.foreign.MemorySegment;

/// An input whose size follows from the number of rows: tensors are made once.
final class FixedInput implements InputSlot {
  private final String name;
  private final TensorBlock block;

  FixedInput(String name, TensorBlock block) {
    this.name = name;
    this.block = block;
  }

  @Override
  public MemorySegment memory(long bytes) {
    MemorySegment memory = block.block();
    if (bytes > memory.byteSize()) {
      throw new IllegalArgumentException(
          "input '%s' takes %d bytes at most, asked for %d"
              .formatted(name, memory.byteSize(), bytes));
    }
    return memory;
  }

  @Override
  public OnnxTensor bind(int rows, long[] shape) throws OrtException {
    return block.prefix(rows).tensor;
  }

  @Override
  public void release() {
    // The tensors stay for the next runs.
  }

  @Override
  public void close() {
    block.close();
  }
}
