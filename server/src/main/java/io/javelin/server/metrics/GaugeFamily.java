package io.javelin.server.metrics;

import io.prometheus.metrics.model.registry.MetricType;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.MetricMetadata;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import java.util.function.DoubleSupplier;

/// A gauge. Its series are suppliers, asked on the scraping thread; they must not block or throw.
final class GaugeFamily extends Family<DoubleSupplier> {
  GaugeFamily(String name, String help) {
    super(MetricType.GAUGE, name, help);
  }

  @Override
  MetricSnapshot snapshot(MetricMetadata metadata) {
    return new GaugeSnapshot(
        metadata,
        points((labels, source) -> new GaugeDataPointSnapshot(source.getAsDouble(), labels, null)));
  }
}
