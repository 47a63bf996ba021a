package io.javelin.server.metrics;

import io.javelin.server.pipeline.Telemetry.FailureReason;
import io.javelin.server.pipeline.Telemetry.VariantTelemetry;
import io.prometheus.metrics.model.snapshots.Labels;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// The series of one version as seen by the users of one variant.
final class VariantSeries implements VariantTelemetry {
  private final LongAdder success;
  private final CountersByReason<FailureReason> failures;
  private final LongAdder inferences;
  private final LongAdder requestNanos;
  private final LongAdder queueNanos;
  private final LongAdder computeInputNanos;
  private final LongAdder computeInferNanos;
  private final LongAdder computeOutputNanos;
  private final LatencyHistogram queueLatency;
  private final LatencyHistogram computeLatency;
  private final LatencyHistogram totalLatency;

  /// Made at the first prediction: a model without predictions has no such series, and the
  /// description may come after the variant.
  private final Supplier<PredictionSeries> newPredictions;

  private volatile @Nullable PredictionSeries predictions;

  VariantSeries(
      ServingFamilies families,
      SeriesScope scope,
      Labels labels,
      Supplier<PredictionDescription> description) {
    success = scope.counter(families.success, labels);
    failures =
        new CountersByReason<>(
            FailureReason.class,
            reason -> scope.counter(families.failure, labels.add("reason", reason.name())));
    inferences = scope.counter(families.inferences, labels);
    requestNanos = scope.counter(families.requestNanos, labels);
    queueNanos = scope.counter(families.queueNanos, labels);
    computeInputNanos = scope.counter(families.computeInputNanos, labels);
    computeInferNanos = scope.counter(families.computeInferNanos, labels);
    computeOutputNanos = scope.counter(families.computeOutputNanos, labels);
    queueLatency = latency(families, scope, labels, "queue");
    computeLatency = latency(families, scope, labels, "compute");
    totalLatency = latency(families, scope, labels, "total");
    newPredictions = () -> new PredictionSeries(families, scope, labels, description.get());
  }

  private static LatencyHistogram latency(
      ServingFamilies families, SeriesScope scope, Labels labels, String stage) {
    return scope.histogram(
        families.latency,
        labels.add("stage", stage),
        () -> new LatencyHistogram(families.latencyCells));
  }

  @Override
  public void onSuccess(
      int rows,
      long queueNanos,
      long computeInputNanos,
      long computeInferNanos,
      long computeOutputNanos,
      long totalNanos) {
    success.increment();
    inferences.add(rows);
    this.requestNanos.add(totalNanos);
    this.queueNanos.add(queueNanos);
    this.computeInputNanos.add(computeInputNanos);
    this.computeInferNanos.add(computeInferNanos);
    this.computeOutputNanos.add(computeOutputNanos);
    queueLatency.observeNanos(queueNanos);
    computeLatency.observeNanos(computeInputNanos + computeInferNanos + computeOutputNanos);
    totalLatency.observeNanos(totalNanos);
  }

  /// As in Triton: an answer from the cache is a success with a duration, but nothing was inferred.
  @Override
  public void onCached(long totalNanos) {
    success.increment();
    requestNanos.add(totalNanos);
    totalLatency.observeNanos(totalNanos);
  }

  @Override
  public void onFailure(FailureReason reason) {
    failures.increment(reason);
  }

  @Override
  public void onPrediction(int classIndex, double score) {
    PredictionSeries known = predictions;
    (known != null ? known : openPredictions()).onPrediction(classIndex, score);
  }

  private synchronized PredictionSeries openPredictions() {
    PredictionSeries known = predictions;
    if (known == null) {
      known = newPredictions.get();
      predictions = known;
    }
    return known;
  }
}
