package io.javelin.server.quality;

import io.javelin.loader.engine.DataType;
import io.javelin.server.quality.PredictionChoice.OutputKind;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.List;

/// Reads the predicted class and its score out of the bytes of one output. Immutable, does not
/// allocate. The prediction of a row is
///
/// - of scores per class: the class with the highest score (the first of equals; NaN never wins)
///   and that score as the model gave it, no softmax;
/// - of one value: no class (-1), the value as score;
/// - of a class number: that class, no score (NaN).
///
/// The number of classes comes from the row's bytes, so a model may choose it per run; a row of one
/// score is a value.
public final class PredictionReader {
  private static final ValueLayout.OfShort FP16 =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfFloat FP32 =
      ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfDouble FP64 =
      ValueLayout.JAVA_DOUBLE_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfInt INT32 =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfLong INT64 =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private static final int NO_CLASS = -1;

  private final int outputIndex;
  private final DataType type;
  private final OutputKind kind;
  private final List<String> classLabels;
  private final boolean probabilities;

  PredictionReader(
      int outputIndex,
      DataType type,
      OutputKind kind,
      List<String> classLabels,
      boolean probabilities) {
    this.outputIndex = outputIndex;
    this.type = type;
    this.kind = kind;
    this.classLabels = classLabels;
    this.probabilities = probabilities;
  }

  /// Which output of the signature carries the prediction.
  public int outputIndex() {
    return outputIndex;
  }

  /// Names of the classes by index, may be empty.
  public List<String> classLabels() {
    return classLabels;
  }

  /// Whether scores lie in [0, 1].
  public boolean probabilities() {
    return probabilities;
  }

  /// Class of a row, or -1 when there is none.
  ///
  /// @param output little-endian bytes of the output, row after row
  /// @param rowBytes bytes of one row
  public int classOf(MemorySegment output, long rowBytes, int row) {
    long elements = rowBytes / type.elementBytes();
    if (kind == OutputKind.CLASS) {
      return elements == 1 ? classNumber(output, row * rowBytes) : NO_CLASS;
    }
    return elements > 1 ? highest(output, row * rowBytes, elements) : NO_CLASS;
  }

  /// Score of the predicted class or value of a row; NaN when there is none.
  public double scoreOf(MemorySegment output, long rowBytes, int row) {
    return scoreOf(output, rowBytes, row, classOf(output, rowBytes, row));
  }

  /// Score that a row gives to a class, or its value when it has no classes; NaN when there is
  /// none.
  ///
  /// @param classIndex as [#classOf] gave it for this row or for another model's answer to the same
  ///   row
  public double scoreOf(MemorySegment output, long rowBytes, int row, int classIndex) {
    long elements = rowBytes / type.elementBytes();
    if (kind == OutputKind.CLASS) {
      return Double.NaN;
    }
    if (elements == 1) {
      return score(output, row * rowBytes);
    }
    return classIndex >= 0 && classIndex < elements
        ? score(output, row * rowBytes + (long) classIndex * type.elementBytes())
        : Double.NaN;
  }

  private int highest(MemorySegment output, long offset, long elements) {
    int best = NO_CLASS;
    double bestScore = Double.NEGATIVE_INFINITY;
    for (int i = 0; i < elements; i++) {
      double score = score(output, offset + (long) i * type.elementBytes());
      if (score > bestScore || (best == NO_CLASS && score == bestScore)) {
        best = i;
        bestScore = score;
      }
    }
    return best;
  }

  private double score(MemorySegment output, long offset) {
    return switch (type) {
      case FP16 -> Float.float16ToFloat(output.get(FP16, offset));
      case FP32 -> output.get(FP32, offset);
      default -> output.get(FP64, offset);
    };
  }

  private int classNumber(MemorySegment output, long offset) {
    long number = type == DataType.INT32 ? output.get(INT32, offset) : output.get(INT64, offset);
    return number < 0 ? NO_CLASS : (int) Math.min(number, Integer.MAX_VALUE);
  }
}
