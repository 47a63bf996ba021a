package io.javelin.server.metrics;

import io.prometheus.metrics.model.registry.MetricType;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricMetadata;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.UnknownSnapshot;
import io.prometheus.metrics.model.snapshots.UnknownSnapshot.UnknownDataPointSnapshot;
import java.util.concurrent.atomic.LongAdder;

/// A counter. Its series are adders; the value on the wire is the sum divided by `unitsPerCount`,
/// rounded down.
final class CounterFamily extends Family<LongAdder> {
  /// How the name appears on the wire.
  enum Naming {
    /// `_total` is appended, as Prometheus recommends.
    TOTAL,
    /// The name exactly as given. The client library would append `_total` to a counter, so these
    /// are handed to it without a type; [MetricsRegistry] restores `counter` in the text format.
    EXACT
  }

  private final Naming naming;
  private final long unitsPerCount;

  CounterFamily(String name, String help, Naming naming, long unitsPerCount) {
    super(naming == Naming.TOTAL ? MetricType.COUNTER : MetricType.UNKNOWN, name, help);
    this.naming = naming;
    this.unitsPerCount = unitsPerCount;
  }

  LongAdder series(Labels labels) {
    return computeIfAbsent(labels, LongAdder::new);
  }

  @Override
  MetricSnapshot snapshot(MetricMetadata metadata) {
    return switch (naming) {
      case TOTAL ->
          new CounterSnapshot(
              metadata,
              points((labels, sum) -> new CounterDataPointSnapshot(value(sum), labels, null, 0)));
      case EXACT ->
          new UnknownSnapshot(
              metadata,
              points((labels, sum) -> new UnknownDataPointSnapshot(value(sum), labels, null)));
    };
  }

  private double value(LongAdder sum) {
    return Math.floorDiv(sum.sum(), unitsPerCount);
  }
}
