package io.javelin.server.metrics;

import io.javelin.server.pipeline.CacheResult;
import io.javelin.server.pipeline.Telemetry.CacheTelemetry;
import io.prometheus.metrics.model.snapshots.Labels;
import java.util.Locale;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;

/// The series of one version's response cache.
final class CacheSeries implements CacheTelemetry {
  private final LongAdder hits;
  private final LongAdder misses;
  private final LongAdder hitNanos;
  private final LongAdder missNanos;
  private final CountersByReason<CacheResult> requests;

  CacheSeries(
      ServingFamilies families,
      SeriesScope scope,
      Labels labels,
      LongSupplier entries,
      LongSupplier bytes) {
    hits = scope.counter(families.cacheHits, labels);
    misses = scope.counter(families.cacheMisses, labels);
    hitNanos = scope.counter(families.cacheHitNanos, labels);
    missNanos = scope.counter(families.cacheMissNanos, labels);
    requests =
        new CountersByReason<>(
            CacheResult.class,
            result ->
                scope.counter(
                    families.cacheRequests,
                    labels.add("result", result.name().toLowerCase(Locale.ROOT))));
    scope.gauge(families.cacheEntries, labels, entries::getAsLong);
    scope.gauge(families.cacheBytes, labels, bytes::getAsLong);
  }

  @Override
  public void onHit(long totalNanos) {
    hits.increment();
    hitNanos.add(totalNanos);
    requests.increment(CacheResult.HIT);
  }

  @Override
  public void onShared() {
    requests.increment(CacheResult.SHARED);
  }

  @Override
  public void onMiss(long totalNanos) {
    misses.increment();
    missNanos.add(totalNanos);
    requests.increment(CacheResult.MISS);
  }

  @Override
  public void onKept(long nanos) {
    missNanos.add(nanos);
  }

  @Override
  public void onBypass() {
    requests.increment(CacheResult.BYPASS);
  }
}
