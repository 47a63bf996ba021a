package io.javelin.server.metrics;

import io.prometheus.metrics.model.snapshots.ClassicHistogramBuckets;
import io.prometheus.metrics.model.snapshots.Exemplars;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot.HistogramDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.NativeHistogramBuckets;
import java.util.Arrays;
import java.util.concurrent.atomic.LongAdder;

/// Durations of one stage, exposed as classic and as native buckets of the same counts.
/// Thread-safe, does not allocate. The count is the sum of the buckets, so both always agree within
/// a scrape.
final class LatencyHistogram implements HistogramFamily.Series {
  private final LatencyCells cells;
  private final LongAdder[] counts;
  private final LongAdder sumNanos = new LongAdder();

  LatencyHistogram(LatencyCells cells) {
    this.cells = cells;
    this.counts = new LongAdder[cells.count()];
    for (int i = 0; i < counts.length; i++) {
      counts[i] = new LongAdder();
    }
  }

  /// Counts one duration; a negative one, which only a broken caller has, counts as zero.
  void observeNanos(long nanos) {
    long duration = Math.max(0, nanos);
    counts[cells.cellOf(duration)].increment();
    sumNanos.add(duration);
  }

  @Override
  public HistogramDataPointSnapshot point(Labels labels) {
    double[] upperBounds = cells.classicUpperBounds();
    long[] classic = new long[upperBounds.length];
    int[] nativeIndexes = new int[counts.length];
    long[] nativeCounts = new long[counts.length];
    int used = 0;
    long zeros = 0;
    for (int cell = 0; cell < counts.length; cell++) {
      long count = counts[cell].sum();
      classic[cells.classicBucket(cell)] += count;
      int index = cells.nativeIndex(cell);
      if (index == LatencyCells.NATIVE_ZERO) {
        zeros += count;
      } else if (used > 0 && nativeIndexes[used - 1] == index) {
        nativeCounts[used - 1] += count;
      } else if (count > 0) {
        nativeIndexes[used] = index;
        nativeCounts[used++] = count;
      }
    }
    return new HistogramDataPointSnapshot(
        ClassicHistogramBuckets.of(upperBounds, classic),
        LatencyCells.NATIVE_SCHEMA,
        zeros,
        LatencyCells.ZERO_THRESHOLD_SECONDS,
        NativeHistogramBuckets.of(
            Arrays.copyOf(nativeIndexes, used), Arrays.copyOf(nativeCounts, used)),
        NativeHistogramBuckets.EMPTY,
        sumNanos.sum() / 1e9,
        labels,
        Exemplars.EMPTY,
        0);
  }
}
