package io.javelin.server.metrics;

import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/// Upper bounds of the value histograms, ascending, the last one `+Inf`.
final class Buckets {
  private static final int HIGHEST_POWER_OF_TWO = 12;

  private Buckets() {}

  /// 1, 2, 4, ... 4096: batch sizes.
  static double[] sizes() {
    return closed(IntStream.rangeClosed(0, HIGHEST_POWER_OF_TWO).mapToDouble(i -> 1L << i));
  }

  /// Twenty equal steps of [0, 1]: probabilities.
  static double[] unitInterval() {
    return closed(IntStream.rangeClosed(1, 20).mapToDouble(i -> i / 20.0));
  }

  /// Both signs, two steps per decade from 0.01 to 10,000: values of unknown scale.
  static double[] signedLog() {
    return closed(
        DoubleStream.concat(steps(-2, 4).map(v -> -v), DoubleStream.concat(zero(), steps(-2, 4)))
            .sorted());
  }

  /// Zero, then two steps per decade from 1e-7 to 1,000: differences of scores. Two runtimes of the
  /// same model differ by about 1e-6; anything above 0.1 is another opinion.
  static double[] differences() {
    return closed(DoubleStream.concat(zero(), steps(-7, 3)).sorted());
  }

  private static DoubleStream zero() {
    return DoubleStream.of(0);
  }

  /// 1 and 3 times each power of ten, up to `10^highest`.
  private static DoubleStream steps(int lowest, int highest) {
    return DoubleStream.concat(
        IntStream.rangeClosed(lowest, highest).mapToDouble(e -> Double.parseDouble("1e" + e)),
        IntStream.range(lowest, highest).mapToDouble(e -> Double.parseDouble("3e" + e)));
  }

  private static double[] closed(DoubleStream ascending) {
    return DoubleStream.concat(ascending, DoubleStream.of(Double.POSITIVE_INFINITY)).toArray();
  }
}
