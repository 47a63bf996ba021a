package io.javelin.server.pipeline;

import io.javelin.batching.CloseCause;
import java.util.List;
import java.util.function.IntSupplier;
import java.util.function.LongSupplier;

/// Counts nothing: for benchmarks of a batch, which do not ask what metrics cost, and for the
/// server that metrics are measured against. One object is all handles at once.
public final class SilentTelemetry
    implements Telemetry,
        Telemetry.VersionTelemetry,
        Telemetry.VariantTelemetry,
        Telemetry.ShadowTelemetry,
        Telemetry.CacheTelemetry {
  @Override
  public Telemetry.VersionTelemetry version(String model, long version) {
    return this;
  }

  @Override
  public Telemetry.ShadowTelemetry shadow(String model, String shadow, long shadowVersion) {
    return this;
  }

  @Override
  public void describePredictions(String model, List<String> classLabels, boolean probabilities) {}

  @Override
  public void onRefusedEarly(Telemetry.FailureReason reason) {}

  @Override
  public void onSampled() {}

  @Override
  public void onDropped() {}

  @Override
  public void onFailed() {}

  @Override
  public void onCompared(int rows, int agreeingRows, double meanAbsoluteScoreDifference) {}

  @Override
  public Telemetry.VariantTelemetry variant(String variant) {
    return this;
  }

  @Override
  public void onBatch(int rows, int requests, CloseCause cause) {}

  @Override
  public void onExecution() {}

  @Override
  public void bindPending(IntSupplier pendingRequests) {}

  @Override
  public void onLoaded(double seconds) {}

  @Override
  public void onSuccess(
      int rows,
      long queueNanos,
      long computeInputNanos,
      long computeInferNanos,
      long computeOutputNanos,
      long totalNanos) {}

  @Override
  public void onCached(long totalNanos) {}

  @Override
  public Telemetry.CacheTelemetry cache(LongSupplier entries, LongSupplier bytes) {
    return this;
  }

  @Override
  public Telemetry.PaddingTelemetry padding() {
    return (realElements, addedElements) -> {};
  }

  @Override
  public void onHit(long totalNanos) {}

  @Override
  public void onShared() {}

  @Override
  public void onMiss(long totalNanos) {}

  @Override
  public void onKept(long nanos) {}

  @Override
  public void onBypass() {}

  @Override
  public void onFailure(Telemetry.FailureReason reason) {}

  @Override
  public void onPrediction(int classIndex, double score) {}

  @Override
  public void close() {}
}
