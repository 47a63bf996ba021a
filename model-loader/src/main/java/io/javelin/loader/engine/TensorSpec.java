package io.javelin.loader.engine;

import java.util.Arrays;
import java.util.List;

/// Name, type and shape of one model input or output.
///
/// @param shape dimensions as the model file has them, -1 where the request chooses; for a batching
///   model the first is the batch dimension (-1)
public record TensorSpec(String name, DataType type, List<Long> shape) {
  /// Copies the shape.
  public TensorSpec {
    shape = List.copyOf(shape);
  }

  /// Elements of a tensor of this shape.
  ///
  /// @throws EngineException when they are more than a `long` counts
  public static long elements(long[] shape) throws EngineException {
    long elements = 1;
    try {
      for (long dimension : shape) {
        elements = Math.multiplyExact(elements, dimension);
      }
    } catch (ArithmeticException e) {
      throw new EngineException("shape " + Arrays.toString(shape) + " has too many elements", e);
    }
    return elements;
  }

  /// Whether `actual` has this rank and every fixed dimension, and no negative one.
  boolean admits(long[] actual) {
    if (actual.length != shape.size()) {
      return false;
    }
    for (int i = 0; i < actual.length; i++) {
      long expected = shape.get(i);
      if (expected < 0 ? actual[i] < 0 : actual[i] != expected) {
        return false;
      }
    }
    return true;
  }
}
