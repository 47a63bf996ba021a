package io.javelin.server.pipeline;

import io.javelin.batching.CloseCause;
import java.util.function.IntSupplier;
import java.util.function.LongSupplier;

/// Counts nothing: what metrics cost is not what the benchmarks of a batch ask.
final class SilentTelemetry
    implements Telemetry.VersionTelemetry, Telemetry.VariantTelemetry, Telemetry.CacheTelemetry {
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
