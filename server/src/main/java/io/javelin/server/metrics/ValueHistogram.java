package io.javelin.server.metrics;

import io.prometheus.metrics.model.snapshots.ClassicHistogramBuckets;
import io.prometheus.metrics.model.snapshots.Exemplars;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot.HistogramDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import java.util.concurrent.atomic.DoubleAdder;
import java.util.concurrent.atomic.LongAdder;

/// A histogram with given upper bounds, for sizes, scores and differences. Thread-safe, does not
/// allocate. The count is the sum of the buckets, so both always agree within a scrape.
final class ValueHistogram implements HistogramFamily.Series {
  private final double[] upperBounds;
  private final LongAdder[] counts;
  private final DoubleAdder sum = new DoubleAdder();

  /// @param upperBounds ascending and inclusive, the last one `+Inf`; shared, never written
  ValueHistogram(double[] upperBounds) {
    this.upperBounds = upperBounds;
    this.counts = new LongAdder[upperBounds.length];
    for (int i = 0; i < counts.length; i++) {
      counts[i] = new LongAdder();
    }
  }

  /// Counts one value; NaN is no value and is left out.
  void observe(double value) {
    if (Double.isNaN(value)) {
      return;
    }
    int bucket = 0;
    while (value > upperBounds[bucket]) {
      bucket++;
    }
    counts[bucket].increment();
    sum.add(value);
  }

  @Override
  public HistogramDataPointSnapshot point(Labels labels) {
    long[] read = new long[counts.length];
    for (int i = 0; i < read.length; i++) {
      read[i] = counts[i].sum();
    }
    return new HistogramDataPointSnapshot(
        ClassicHistogramBuckets.of(upperBounds, read), sum.sum(), labels, Exemplars.EMPTY, 0);
  }
}
