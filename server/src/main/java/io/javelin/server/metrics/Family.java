package io.javelin.server.metrics;

import io.prometheus.metrics.model.registry.Collector;
import io.prometheus.metrics.model.registry.MetricType;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricFamilyDescriptor;
import io.prometheus.metrics.model.snapshots.MetricMetadata;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiFunction;
import java.util.function.Predicate;
import java.util.function.Supplier;

/// One metric name and its series, one per label set. A family without series writes nothing.
/// Thread-safe; looking a series up is for set-up code, recording goes through the series itself.
///
/// @param <S> what a series is made of
abstract class Family<S> implements Collector {
  private final MetricType type;
  private final MetricMetadata metadata;
  private final ConcurrentHashMap<Labels, S> series = new ConcurrentHashMap<>();

  Family(MetricType type, String name, String help) {
    this.type = type;
    this.metadata = new MetricMetadata(name, help);
  }

  abstract MetricSnapshot snapshot(MetricMetadata metadata);

  final void put(Labels labels, S one) {
    series.put(labels, one);
  }

  final S computeIfAbsent(Labels labels, Supplier<S> create) {
    return series.computeIfAbsent(labels, _ -> create.get());
  }

  final void remove(Labels labels) {
    series.remove(labels);
  }

  final void removeIf(Predicate<Labels> condition) {
    series.keySet().removeIf(condition);
  }

  /// One data point per series, in no order: the snapshot sorts.
  final <P> List<P> points(BiFunction<Labels, S, P> toPoint) {
    List<P> points = new ArrayList<>();
    series.forEach((labels, one) -> points.add(toPoint.apply(labels, one)));
    return points;
  }

  @Override
  public final MetricSnapshot collect() {
    return snapshot(metadata);
  }

  /// Lets the registry refuse a name that is taken.
  @Override
  public final MetricFamilyDescriptor getMetricFamilyDescriptor() {
    return MetricFamilyDescriptor.of(type, metadata);
  }
}
