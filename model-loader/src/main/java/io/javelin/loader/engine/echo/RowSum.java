package io.javelin.loader.engine.echo;

import io.javelin.loader.engine.DataType;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/// Adds up elements of one type, into one element of the same type.
final class RowSum {
  private static final ByteOrder ORDER = ByteOrder.LITTLE_ENDIAN;
  private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT.withOrder(ORDER);
  private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG.withOrder(ORDER);
  private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT.withOrder(ORDER);
  private static final ValueLayout.OfDouble DOUBLE = ValueLayout.JAVA_DOUBLE.withOrder(ORDER);

  private RowSum() {}

  static boolean takes(DataType type) {
    return switch (type) {
      case INT32, INT64, FP32, FP64 -> true;
      default -> false;
    };
  }

  /// Sums `count` elements from element `from` on and puts the sum at element `to` of `target`.
  static void add(
      DataType type, MemorySegment source, long from, long count, MemorySegment target, long to) {
    switch (type) {
      case INT32 -> {
        int sum = 0;
        for (long i = from; i < from + count; i++) {
          sum += source.getAtIndex(INT, i);
        }
        target.setAtIndex(INT, to, sum);
      }
      case INT64 -> {
        long sum = 0;
        for (long i = from; i < from + count; i++) {
          sum += source.getAtIndex(LONG, i);
        }
        target.setAtIndex(LONG, to, sum);
      }
      case FP32 -> {
        float sum = 0;
        for (long i = from; i < from + count; i++) {
          sum += source.getAtIndex(FLOAT, i);
        }
        target.setAtIndex(FLOAT, to, sum);
      }
      case FP64 -> {
        double sum = 0;
        for (long i = from; i < from + count; i++) {
          sum += source.getAtIndex(DOUBLE, i);
        }
        target.setAtIndex(DOUBLE, to, sum);
      }
      default -> throw new IllegalArgumentException("no sum of " + type);
    }
  }
}
