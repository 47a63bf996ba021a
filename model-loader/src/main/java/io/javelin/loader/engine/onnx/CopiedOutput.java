package io.javelin.loader.engine.onnx;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxValue;
import ai.onnxruntime.OrtException;
import io.javelin.loader.engine.DataType;
import io.javelin.loader.engine.EngineException;
import io.javelin.loader.engine.TensorSpec;
import io.javelin.loader.engine.instance.ReusedMemory;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// An output whose size only the run itself knows, or of a type that cannot be pinned: ONNX Runtime
/// allocates it, and it is copied here before it goes. The Java API gives the content only as a
/// copy on the heap, so these bytes are copied twice.
final class CopiedOutput implements OutputSlot {
  private final TensorSpec spec;
  private final boolean batching;
  private final ReusedMemory memory = new ReusedMemory();
  private MemorySegment bytes = MemorySegment.NULL;
  private long[] shape = new long[0];

  CopiedOutput(TensorSpec spec, boolean batching) {
    this.spec = spec;
    this.batching = batching;
  }

  /// Takes the content of `value`, which stays the caller's.
  ///
  /// @throws EngineException when a batch of `rows` rows did not give as many
  void collect(OnnxValue value, int rows) throws OrtException, EngineException {
    OnnxTensor tensor = (OnnxTensor) value;
    shape = tensor.getInfo().getShape();
    if (batching && (shape.length == 0 || shape[0] != rows)) {
      throw new EngineException(
          "output '%s' has shape %s for a batch of %d rows"
              .formatted(spec.name(), Arrays.toString(shape), rows));
    }
    if (tensor.getInfo().getNumElements() == 0) {
      bytes = MemorySegment.NULL;
    } else if (spec.type() == DataType.BYTES) {
      List<String> strings = new ArrayList<>();
      flatten(tensor.getValue(), strings);
      bytes = StringElements.encode(strings, memory);
    } else {
      bytes = copy(tensor.getByteBuffer());
    }
  }

  private MemorySegment copy(ByteBuffer content) {
    MemorySegment source = MemorySegment.ofBuffer(content);
    return memory.atLeast(source.byteSize()).asSlice(0, source.byteSize()).copyFrom(source);
  }

  /// Strings come as nested arrays, one level for each dimension.
  private static void flatten(Object value, List<String> target) {
    if (value instanceof Object[] array) {
      for (Object element : array) {
        flatten(element, target);
      }
    } else {
      target.add((String) value);
    }
  }

  @Override
  public MemorySegment bytes() {
    return bytes;
  }

  @Override
  public long[] shape() {
    return shape;
  }

  @Override
  public void close() {
    memory.close();
  }
}
