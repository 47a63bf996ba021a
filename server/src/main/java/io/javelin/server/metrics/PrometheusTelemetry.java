package io.javelin.server.metrics;

import io.javelin.batching.Admission;
import io.javelin.batching.CloseCause;
import io.javelin.server.pipeline.Telemetry;
import io.prometheus.metrics.model.snapshots.Labels;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.IntSupplier;
import java.util.function.IntUnaryOperator;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// The request path's metrics. Handles of the same version or shadow share their series, which
/// disappear with the last of them. Thread-safe.
public final class PrometheusTelemetry implements Telemetry {
  private record VersionKey(String model, long version) {}

  private record ShadowKey(String model, String shadow, long version) {}

  private final SharedSeries<VersionKey, VersionSeries> versions;
  private final SharedSeries<ShadowKey, ShadowSeries> shadows;
  private final ConcurrentHashMap<String, PredictionDescription> predictions =
      new ConcurrentHashMap<>();
  private final CountersByReason<FailureReason> refusedEarly;
  private final ConcurrentHashMap<String, CountersByReason<TenantRefusal>> tenantsRefused =
      new ConcurrentHashMap<>();
  private final ServingFamilies families;

  /// At most one per registry: the names can be registered once.
  public PrometheusTelemetry(MetricsRegistry registry) {
    families = new ServingFamilies(registry);
    versions =
        new SharedSeries<>(
            key -> new VersionSeries(families, key.model(), key.version(), describe(key.model())),
            VersionSeries::close);
    shadows =
        new SharedSeries<>(
            key -> new ShadowSeries(families, key.model(), key.shadow(), key.version()),
            ShadowSeries::close);
    refusedEarly =
        new CountersByReason<>(
            FailureReason.class,
            reason -> families.refusedEarly.series(Labels.of("reason", reason.name())));
  }

  private Supplier<PredictionDescription> describe(String model) {
    return () -> predictions.getOrDefault(model, PredictionDescription.UNKNOWN);
  }

  /// Holds for every variant that has not predicted yet. Without it classes are labelled by index
  /// and scores may have any scale.
  @Override
  public void describePredictions(String model, List<String> classLabels, boolean probabilities) {
    predictions.put(model, new PredictionDescription(classLabels, probabilities));
  }

  @Override
  public VersionTelemetry version(String model, long version) {
    return new VersionHandle(new VersionKey(model, version));
  }

  @Override
  public ShadowTelemetry shadow(String model, String shadow, long shadowVersion) {
    return new ShadowHandle(new ShadowKey(model, shadow, shadowVersion));
  }

  @Override
  public void onRefusedEarly(FailureReason reason) {
    refusedEarly.increment(reason);
  }

  @Override
  public void onTenantRefused(String tenant, TenantRefusal reason) {
    CountersByReason<TenantRefusal> known = tenantsRefused.get(tenant);
    if (known == null) {
      known = tenantsRefused.computeIfAbsent(tenant, this::tenantSeries);
    }
    known.increment(reason);
  }

  private CountersByReason<TenantRefusal> tenantSeries(String tenant) {
    return new CountersByReason<>(
        TenantRefusal.class,
        reason ->
            families.tenantsRefused.series(
                Labels.of("tenant", tenant, "reason", reason.name().toLowerCase(Locale.ROOT))));
  }

  /// One holder of a version's series.
  private final class VersionHandle implements VersionTelemetry {
    private final VersionKey key;
    private final VersionSeries series;
    private final AtomicBoolean closed = new AtomicBoolean();
    private final AtomicReference<@Nullable IntSupplier> pending = new AtomicReference<>();

    private VersionHandle(VersionKey key) {
      this.key = key;
      this.series = versions.acquire(key);
    }

    @Override
    public VariantTelemetry variant(String variant) {
      return series.variant(variant);
    }

    @Override
    public void onBatch(int rows, int requests, CloseCause cause) {
      series.onBatch(rows, requests, cause);
    }

    @Override
    public void onAdmission(Admission admission) {
      series.onAdmission(admission);
    }

    @Override
    public void bindQueue(int levels, IntUnaryOperator rowsAtLevel, IntSupplier limitRows) {
      series.bindQueue(levels, rowsAtLevel, limitRows);
    }

    @Override
    public void onExecution() {
      series.onExecution();
    }

    @Override
    public void onTermination() {
      series.onTermination();
    }

    @Override
    public CacheTelemetry cache(LongSupplier entries, LongSupplier bytes) {
      return series.cache(entries, bytes);
    }

    @Override
    public PaddingTelemetry padding() {
      return series.padding();
    }

    /// Replaces this handle's source; the gauge adds up the sources of all handles.
    @Override
    public void bindPending(IntSupplier pendingRequests) {
      replacePending(pendingRequests);
    }

    private void replacePending(@Nullable IntSupplier source) {
      if (source != null) {
        series.addPending(source);
      }
      IntSupplier previous = pending.getAndSet(source);
      if (previous != null) {
        series.removePending(previous);
      }
    }

    @Override
    public void onLoaded(double seconds) {
      series.onLoaded(seconds);
    }

    @Override
    public void close() {
      if (closed.compareAndSet(false, true)) {
        replacePending(null);
        versions.release(key);
      }
    }
  }

  private final class ShadowHandle implements ShadowTelemetry {
    private final ShadowKey key;
    private final ShadowSeries series;
    private final AtomicBoolean closed = new AtomicBoolean();

    private ShadowHandle(ShadowKey key) {
      this.key = key;
      this.series = shadows.acquire(key);
    }

    @Override
    public void onSampled() {
      series.onSampled();
    }

    @Override
    public void onDropped() {
      series.onDropped();
    }

    @Override
    public void onFailed() {
      series.onFailed();
    }

    @Override
    public void onCompared(int rows, int agreeingRows, double meanAbsoluteScoreDifference) {
      series.onCompared(rows, agreeingRows, meanAbsoluteScoreDifference);
    }

    @Override
    public void close() {
      if (closed.compareAndSet(false, true)) {
        shadows.release(key);
      }
    }
  }
}
