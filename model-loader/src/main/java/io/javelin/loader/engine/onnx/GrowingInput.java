package io.javelin.loader.engine.onnx;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import io.javelin.loader.engine.EngineException;
import io.javelin.loader.engine.TensorSpec;
import io.javelin.loader.engine.instance.ReusedMemory;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/// An input with a dimension of its own that the request chooses: memory grows on demand, and each
/// run makes its tensor, because the next shape is not known.
final class GrowingInput implements InputSlot {
  private final OrtEnvironment environment;
  private final TensorSpec spec;
  private final OnnxJavaType type;
  private final ReusedMemory memory = new ReusedMemory();
  private @Nullable OnnxTensor bound;

  GrowingInput(OrtEnvironment environment, TensorSpec spec) {
    this.environment = environment;
    this.spec = spec;
    this.type = ElementTypes.carrier(spec.type());
  }

  @Override
  public MemorySegment memory(long bytes) {
    if (bytes > TensorBlock.MAX_BYTES) {
      throw new IllegalArgumentException(
          "input '%s' takes %d bytes at most, asked for %d"
              .formatted(spec.name(), TensorBlock.MAX_BYTES, bytes));
    }
    return memory.atLeast(bytes);
  }

  @Override
  public OnnxTensor bind(int rows, long[] shape) throws OrtException, EngineException {
    long elements = TensorSpec.elements(shape);
    MemorySegment written = memory.current();
    if (elements > written.byteSize() / spec.type().elementBytes()) {
      throw new EngineException(
          "input '%s' needs %d elements of %s, but its memory has %d bytes"
              .formatted(spec.name(), elements, spec.type(), written.byteSize()));
    }
    MemorySegment bytes = written.asSlice(0, elements * spec.type().elementBytes());
    OnnxTensor tensor = TensorBlock.wrap(environment, bytes, shape, type);
    bound = tensor;
    return tensor;
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
