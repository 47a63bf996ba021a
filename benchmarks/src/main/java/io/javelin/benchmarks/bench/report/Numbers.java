package io.javelin.benchmarks.bench.report;

import java.util.Arrays;
import java.util.Locale;

/// How numbers stand in tables. Pure.
public final class Numbers {
  private Numbers() {}

  /// Groups of three digits, and a fixed number of decimals; empty for what is not known.
  public static String grouped(double value, int decimals) {
    return Double.isNaN(value) ? "" : String.format(Locale.ROOT, "%,." + decimals + "f", value);
  }

  /// A ratio: two decimals, more for small ones.
  public static String ratio(double value) {
    if (Double.isNaN(value)) {
      return "";
    }
    return String.format(Locale.ROOT, Math.abs(value) < 0.1 ? "%.3f" : "%.2f", value);
  }

  /// The median; of an even number the mean of the middle two. NaN when there is none.
  public static double median(double... values) {
    double[] sorted =
        Arrays.stream(values).filter(value -> !Double.isNaN(value)).sorted().toArray();
    if (sorted.length == 0) {
      return Double.NaN;
    }
    int middle = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }
}
