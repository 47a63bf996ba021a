package io.javelin.benchmarks.bench.report;

import java.util.Arrays;
import java.util.stream.DoubleStream;

/// A ratio measured once in each round.
public record Ratio(double median, double min, double max) {
  /// Sums up the rounds; those without a value are left out.
  public static Ratio of(double... rounds) {
    DoubleStream known = Arrays.stream(rounds).filter(value -> !Double.isNaN(value));
    var statistics = known.summaryStatistics();
    return statistics.getCount() == 0
        ? new Ratio(Double.NaN, Double.NaN, Double.NaN)
        : new Ratio(Numbers.median(rounds), statistics.getMin(), statistics.getMax());
  }

  /// Median and spread, or nothing when nothing is known.
  @Override
  public String toString() {
    return Double.isNaN(median)
        ? ""
        : "%s [%s-%s]".formatted(Numbers.ratio(median), Numbers.ratio(min), Numbers.ratio(max));
  }
}
