package io.javelin.loader.engine.onnx;

import io.javelin.loader.engine.EngineException;
import io.javelin.loader.engine.TensorSpec;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Size of a tensor that depends on nothing but the number of rows. For a model without a batch
/// dimension the whole tensor is one row.
///
/// @param dimensions all of them; the first is replaced by the number of rows when batching
/// @param rowBytes bytes of one row, 0 when a dimension is 0
record RowLayout(List<Long> dimensions, boolean batching, long rowBytes) {
  /// Null when the size is known only after a request came: a second dynamic dimension, or elements
  /// without a fixed size.
  static @Nullable RowLayout of(TensorSpec spec, boolean batching) throws EngineException {
    if (!spec.type().isFixedSize()) {
      return null;
    }
    long[] row = shape(spec.shape(), batching, 1);
    for (long dimension : row) {
      if (dimension < 0) {
        return null;
      }
    }
    long rowBytes = TensorSpec.elements(row) * spec.type().elementBytes();
    return new RowLayout(spec.shape(), batching, rowBytes);
  }

  long[] shape(int rows) {
    return shape(dimensions, batching, rows);
  }

  private static long[] shape(List<Long> dimensions, boolean batching, int rows) {
    long[] shape = dimensions.stream().mapToLong(Long::longValue).toArray();
    if (batching) {
      shape[0] = rows;
    }
    return shape;
  }
}
