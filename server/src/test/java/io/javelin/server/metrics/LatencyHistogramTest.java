package io.javelin.server.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.prometheus.metrics.model.snapshots.HistogramSnapshot.HistogramDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import org.junit.jupiter.api.Test;

class LatencyHistogramTest {
  private final LatencyHistogram histogram = new LatencyHistogram(new LatencyCells());

  @Test
  void bothBucketFormsHoldTheSameCounts() {
    long[] nanos = {0, 5_000, 9_000, 10_000, 1_000_000, 1_000_001, 1_050_000, 20_000_000_000L};
    for (long one : nanos) {
      histogram.observeNanos(one);
    }

    HistogramDataPointSnapshot point = histogram.point(Labels.EMPTY);

    assertEquals(nanos.length, point.getCount());
    long nativeCount = point.getNativeZeroCount();
    for (int i = 0; i < point.getNativeBucketsForPositiveValues().size(); i++) {
      nativeCount += point.getNativeBucketsForPositiveValues().getCount(i);
    }
    assertEquals(nanos.length, nativeCount);
    assertEquals(2, point.getNativeZeroCount());
  }

  @Test
  void aNativeBucketThatHoldsAClassicBoundIsExposedOnce() {
    histogram.observeNanos(1_000_000);
    histogram.observeNanos(1_000_001);

    HistogramDataPointSnapshot point = histogram.point(Labels.EMPTY);

    assertEquals(1, point.getNativeBucketsForPositiveValues().size());
    assertEquals(-79, point.getNativeBucketsForPositiveValues().getBucketIndex(0));
    assertEquals(2, point.getNativeBucketsForPositiveValues().getCount(0));
  }

  @Test
  void negativeDurationsCountAsZero() {
    histogram.observeNanos(-5);

    HistogramDataPointSnapshot point = histogram.point(Labels.EMPTY);

    assertEquals(1, point.getCount());
    assertEquals(0.0, point.getSum());
  }
}
