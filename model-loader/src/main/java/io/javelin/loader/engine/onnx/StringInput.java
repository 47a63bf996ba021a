package io.javelin.loader.engine.onnx;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import io.javelin.loader.engine.EngineException;
import io.javelin.loader.engine.TensorSpec;
import io.javelin.loader.engine.instance.LengthPrefixed;
import io.javelin.loader.engine.instance.ReusedMemory;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/// An input of strings: decoded for each run, since ONNX Runtime keeps strings in its own objects.
final class StringInput implements InputSlot {
  private final OrtEnvironment environment;
  private final String name;
  private final ReusedMemory memory = new ReusedMemory();
  private long writtenBytes;
  private @Nullable OnnxTensor bound;

  StringInput(OrtEnvironment environment, String name) {
    this.environment = environment;
    this.name = name;
  }

  @Override
  public MemorySegment memory(long bytes) {
    writtenBytes = bytes;
    return memory.atLeast(bytes);
  }

  @Override
  public OnnxTensor bind(int rows, long[] shape) throws OrtException, EngineException {
    LengthPrefixed elements = new LengthPrefixed(memory.current(), writtenBytes);
    OnnxTensor tensor =
        OnnxTensor.createTensor(environment, decode(elements, TensorSpec.elements(shape)), shape);
    bound = tensor;
    return tensor;
  }

  private String[] decode(LengthPrefixed elements, long count) throws EngineException {
    try {
      return StringElements.decode(elements, count, writtenBytes);
    } catch (EngineException e) {
      throw new EngineException("input '" + name + "': " + e.getMessage(), e);
    }
  }

  @Override
  public void release() {
    if (bound != null) {
      bound.close();
      bound = null;
    }
  }

  @Override
  public void close() {
    release();
    memory.close();
  }
}
