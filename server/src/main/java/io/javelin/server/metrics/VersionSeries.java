package io.javelin.server.metrics;

import io.javelin.batching.Admission;
import io.javelin.batching.CloseCause;
import io.javelin.router.RouteDecision;
import io.javelin.server.pipeline.Telemetry.CacheTelemetry;
import io.javelin.server.pipeline.Telemetry.PaddingTelemetry;
import io.prometheus.metrics.model.snapshots.Labels;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.IntSupplier;
import java.util.function.IntUnaryOperator;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/// The series of one version, shared by all handles of it.
final class VersionSeries {
  /// A version that outlives many experiments must not collect a variant of each.
  static final int MAX_VARIANTS = 64;

  static final String OTHER_VARIANT = "other";

  private final ServingFamilies families;
  private final Supplier<PredictionDescription> predictions;
  private final SeriesScope scope = new SeriesScope();
  private final Labels labels;
  private final LongAdder executions;
  private final LongAdder terminations;
  private final ValueHistogram batchRows;
  private final ValueHistogram batchRequests;
  private final CountersByReason<CloseCause> releases;
  private final LongAdder admitted;
  private final CountersByReason<Admission.Reason> refused;
  private final List<IntSupplier> pending = new CopyOnWriteArrayList<>();
  private final ConcurrentHashMap<String, VariantSeries> variants = new ConcurrentHashMap<>();
  private volatile double loadSeconds;

  VersionSeries(
      ServingFamilies families,
      String model,
      long version,
      Supplier<PredictionDescription> predictions) {
    this.families = families;
    this.predictions = predictions;
    this.labels = Labels.of("model", model, "version", Long.toString(version));
    executions = scope.counter(families.executions, labels);
    terminations = scope.counter(families.terminations, labels);
    batchRows = scope.histogram(families.batchRows, labels, VersionSeries::newSizes);
    batchRequests = scope.histogram(families.batchRequests, labels, VersionSeries::newSizes);
    releases =
        new CountersByReason<>(
            CloseCause.class,
            cause ->
                scope.counter(
                    families.batchReleases,
                    labels.add("reason", cause.name().toLowerCase(Locale.ROOT))));
    admitted = scope.counter(families.admissions, labels.add("decision", "admitted"));
    refused =
        new CountersByReason<>(
            Admission.Reason.class,
            reason ->
                scope.counter(
                    families.admissions,
                    labels.add("decision", reason.name().toLowerCase(Locale.ROOT))));
    scope.gauge(families.pending, labels, this::pendingRequests);
    scope.gauge(families.loadSeconds, labels, () -> loadSeconds);
    variant(RouteDecision.NO_EXPERIMENT_VARIANT);
  }

  private static ValueHistogram newSizes() {
    return new ValueHistogram(Buckets.sizes());
  }

  VariantSeries variant(String variant) {
    VariantSeries known = variants.get(variant);
    if (known != null) {
      return known;
    }
    String bounded = variants.size() < MAX_VARIANTS ? variant : OTHER_VARIANT;
    return variants.computeIfAbsent(
        bounded,
        name -> new VariantSeries(families, scope, labels.add("variant", name), predictions));
  }

  void onBatch(int rows, int requests, CloseCause cause) {
    batchRows.observe(rows);
    batchRequests.observe(requests);
    releases.increment(cause);
  }

  void onAdmission(Admission admission) {
    switch (admission) {
      case Admission.Admitted() -> admitted.increment();
      case Admission.Refused(Admission.Reason reason, long nanos) -> refused.increment(reason);
    }
  }

  /// Replaces the sources of the gauges of the queue.
  void bindQueue(int levels, IntUnaryOperator rowsAtLevel, IntSupplier limitRows) {
    for (int i = 1; i <= levels; i++) {
      int level = i;
      Labels own = labels.add("level", Integer.toString(level));
      scope.gauge(families.queueRows, own, () -> rowsAtLevel.applyAsInt(level));
    }
    scope.gauge(families.concurrencyLimit, labels, limitRows::getAsInt);
  }

  void onExecution() {
    executions.increment();
  }

  void onTermination() {
    terminations.increment();
  }

  CacheTelemetry cache(LongSupplier entries, LongSupplier bytes) {
    return new CacheSeries(families, scope, labels, entries, bytes);
  }

  PaddingTelemetry padding() {
    LongAdder real = scope.counter(families.inputElements, labels.add("kind", "real"));
    LongAdder added = scope.counter(families.inputElements, labels.add("kind", "padding"));
    return (realElements, addedElements) -> {
      real.add(realElements);
      added.add(addedElements);
    };
  }

  void onLoaded(double seconds) {
    loadSeconds = seconds;
  }

  void addPending(IntSupplier source) {
    pending.add(source);
  }

  void removePending(IntSupplier source) {
    pending.remove(source);
  }

  private double pendingRequests() {
    long sum = 0;
    for (IntSupplier source : pending) {
      sum += source.getAsInt();
    }
    return sum;
  }

  void close() {
    scope.close();
  }
}
