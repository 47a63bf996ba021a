package io.javelin.server.metrics;

import io.prometheus.metrics.model.registry.MetricType;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot.HistogramDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricMetadata;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import java.util.function.Supplier;

/// A histogram. Series of one family may have different buckets (scores of different models do); a
/// query that adds them up must stay within one model.
///
/// @param <S> kind of histogram
final class HistogramFamily<S extends HistogramFamily.Series> extends Family<S> {
  /// One histogram.
  interface Series {
    HistogramDataPointSnapshot point(Labels labels);
  }

  HistogramFamily(String name, String help) {
    super(MetricType.HISTOGRAM, name, help);
  }

  S series(Labels labels, Supplier<S> create) {
    return computeIfAbsent(labels, create);
  }

  @Override
  MetricSnapshot snapshot(MetricMetadata metadata) {
    return new HistogramSnapshot(metadata, points((labels, one) -> one.point(labels)));
  }
}
