package io.javelin.server.quality;

import java.lang.foreign.MemorySegment;

/// Compares a shadow's answer with the live one, row by row. Accumulates until [#reset]; for one
/// thread at a time.
///
/// Rows agree when both have the same class; without classes when the values differ by at most
/// `absoluteTolerance + relativeTolerance * |live value|`. The score difference is that of the live
/// class, so a shadow that changes its mind is measured on the class the user saw.
public final class ShadowComparison {
  /// The bytes of one model's predictions.
  ///
  /// @param output as in [PredictionReader#classOf]
  public record Predictions(PredictionReader reader, MemorySegment output, long rowBytes) {}

  private final double absoluteTolerance;
  private final double relativeTolerance;
  private int rows;
  private int agreeingRows;
  private int differences;
  private double absoluteDifferences;

  public ShadowComparison(double absoluteTolerance, double relativeTolerance) {
    if (!(absoluteTolerance >= 0) || !(relativeTolerance >= 0)) {
      throw new IllegalArgumentException(
          "tolerances are %s and %s, expected at least 0"
              .formatted(absoluteTolerance, relativeTolerance));
    }
    this.absoluteTolerance = absoluteTolerance;
    this.relativeTolerance = relativeTolerance;
  }

  /// Adds the first `count` rows of two answers to the same request.
  public void add(Predictions live, Predictions shadow, int count) {
    for (int row = 0; row < count; row++) {
      int liveClass = live.reader().classOf(live.output(), live.rowBytes(), row);
      addRow(
          liveClass,
          live.reader().scoreOf(live.output(), live.rowBytes(), row, liveClass),
          shadow.reader().classOf(shadow.output(), shadow.rowBytes(), row),
          shadow.reader().scoreOf(shadow.output(), shadow.rowBytes(), row, liveClass));
    }
  }

  /// Adds one row.
  ///
  /// @param liveClass class of the live model, -1 without classes
  /// @param liveScore score of `liveClass` or value, NaN when there is none
  /// @param shadowScore what the shadow gives to `liveClass`, or its value
  public void addRow(int liveClass, double liveScore, int shadowClass, double shadowScore) {
    rows++;
    double difference = Math.abs(shadowScore - liveScore);
    boolean agrees =
        liveClass == shadowClass
            && (liveClass >= 0
                || difference <= absoluteTolerance + relativeTolerance * Math.abs(liveScore)
                || Double.compare(liveScore, shadowScore) == 0);
    if (agrees) {
      agreeingRows++;
    }
    if (!Double.isNaN(difference)) {
      differences++;
      absoluteDifferences += difference;
    }
  }

  public int rows() {
    return rows;
  }

  public int agreeingRows() {
    return agreeingRows;
  }

  /// Over the rows where both models have a score; NaN when there is none.
  public double meanAbsoluteScoreDifference() {
    return differences == 0 ? Double.NaN : absoluteDifferences / differences;
  }

  /// Forgets all rows.
  public void reset() {
    rows = 0;
    agreeingRows = 0;
    differences = 0;
    absoluteDifferences = 0;
  }
}
