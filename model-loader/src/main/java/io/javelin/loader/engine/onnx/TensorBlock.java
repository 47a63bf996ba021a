package io.javelin.loader.engine.onnx;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import io.javelin.loader.engine.EngineException;
import io.javelin.loader.engine.TensorSpec;
import io.javelin.loader.engine.instance.ReusedMemory;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// One block of native memory for the most rows of a run, and for each number of rows one tensor
/// over the beginning of it, made when first needed and kept. So a run makes no tensor once its
/// number of rows has been seen.
final class TensorBlock implements AutoCloseable {
  /// ONNX Runtime's Java API takes no larger buffer.
  static final long MAX_BYTES = Integer.MAX_VALUE - 8L;

  /// The first rows of the block as both sides see them.
  static final class Prefix {
    final OnnxTensor tensor;
    final MemorySegment bytes;
    final long[] shape;

    private Prefix(OnnxTensor tensor, MemorySegment bytes, long[] shape) {
      this.tensor = tensor;
      this.bytes = bytes;
      this.shape = shape;
    }
  }

  private final OrtEnvironment environment;
  private final RowLayout layout;
  private final OnnxJavaType type;
  private final ReusedMemory memory = new ReusedMemory();
  private final MemorySegment block;

  /// Index is the number of rows. Starts small, because most configured maxima are never reached.
  private @Nullable Prefix[] byRows = new @Nullable Prefix[16];

  /// @param maxRows most rows of a run, 1 without batching
  TensorBlock(OrtEnvironment environment, TensorSpec spec, RowLayout layout, int maxRows)
      throws EngineException {
    this.environment = environment;
    this.layout = layout;
    this.type = ElementTypes.carrier(spec.type());
    if (layout.rowBytes() > MAX_BYTES / maxRows) {
      throw new EngineException(
          "'%s' takes %d bytes a row: %d rows are more than the %d bytes of the largest tensor"
              .formatted(spec.name(), layout.rowBytes(), maxRows, MAX_BYTES));
    }
    this.block = allocate(spec, layout.rowBytes() * maxRows);
  }

  /// Running out here is the model's failure to open, not the server's end.
  private MemorySegment allocate(TensorSpec spec, long bytes) throws EngineException {
    try {
      return memory.atLeast(bytes);
    } catch (OutOfMemoryError e) {
      throw new EngineException(
          "no %d bytes of native memory for '%s': %s".formatted(bytes, spec.name(), e.getMessage()),
          e);
    }
  }

  MemorySegment block() {
    return block;
  }

  Prefix prefix(int rows) throws OrtException {
    if (rows >= byRows.length) {
      byRows = Arrays.copyOf(byRows, Math.max(rows + 1, byRows.length * 2));
    }
    Prefix made = byRows[rows];
    if (made == null) {
      MemorySegment bytes = block.asSlice(0, layout.rowBytes() * rows);
      long[] shape = layout.shape(rows);
      made = new Prefix(wrap(environment, bytes, shape, type), bytes, shape);
      byRows[rows] = made;
    }
    return made;
  }

  /// A tensor over `bytes` itself: nothing is copied, and `bytes` must outlive the tensor.
  static OnnxTensor wrap(
      OrtEnvironment environment, MemorySegment bytes, long[] shape, OnnxJavaType type)
      throws OrtException {
    return OnnxTensor.createTensor(
        environment, bytes.asByteBuffer().order(ByteOrder.nativeOrder()), shape, type);
  }

  @Override
  public void close() {
    for (Prefix prefix : byRows) {
      if (prefix != null) {
        prefix.tensor.close();
      }
    }
    memory.close();
  }
}
