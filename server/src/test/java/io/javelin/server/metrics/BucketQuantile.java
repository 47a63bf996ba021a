package io.javelin.server.metrics;

import java.util.Map;
import java.util.TreeMap;

/// Prometheus' `histogram_quantile` over classic buckets: linear inside a bucket, from 0 in the
/// first, the highest finite bound when the rank falls into `+Inf`.
final class BucketQuantile {
  private BucketQuantile() {}

  static double of(double quantile, Map<Double, Double> cumulativeByBound) {
    TreeMap<Double, Double> buckets = new TreeMap<>(cumulativeByBound);
    double rank = quantile * buckets.lastEntry().getValue();
    double lower = 0;
    double below = 0;
    for (Map.Entry<Double, Double> bucket : buckets.entrySet()) {
      if (bucket.getValue() >= rank) {
        return bucket.getKey().isInfinite()
            ? lower
            : lower + (bucket.getKey() - lower) * (rank - below) / (bucket.getValue() - below);
      }
      lower = bucket.getKey();
      below = bucket.getValue();
    }
    throw new AssertionError("no +Inf bucket in " + cumulativeByBound);
  }

  static Map<Double, Double> sum(Map<Double, Double> some, Map<Double, Double> others) {
    Map<Double, Double> sum = new TreeMap<>(some);
    others.forEach((bound, count) -> sum.merge(bound, count, Double::sum));
    return sum;
  }
}
