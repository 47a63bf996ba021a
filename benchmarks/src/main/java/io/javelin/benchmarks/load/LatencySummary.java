package io.javelin.benchmarks.load;

import org.HdrHistogram.Histogram;

/// Percentiles of one histogram, in microseconds. All are 0 when nothing was recorded.
public record LatencySummary(
    double p50Micros,
    double p90Micros,
    double p95Micros,
    double p99Micros,
    double p999Micros,
    double maxMicros) {
  private static final double NANOS_PER_MICRO = 1_000;

  /// Reads a histogram of nanoseconds.
  public static LatencySummary of(Histogram nanos) {
    return new LatencySummary(
        micros(nanos, 50),
        micros(nanos, 90),
        micros(nanos, 95),
        micros(nanos, 99),
        micros(nanos, 99.9),
        micros(nanos, 100));
  }

  private static double micros(Histogram nanos, double percentile) {
    return nanos.getValueAtPercentile(percentile) / NANOS_PER_MICRO;
  }
}
