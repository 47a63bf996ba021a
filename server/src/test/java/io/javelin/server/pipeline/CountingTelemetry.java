package io.javelin.server.pipeline;

import io.javelin.batching.CloseCause;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.IntSupplier;
import java.util.function.LongSupplier;

/// Counts outcomes.
final class CountingTelemetry
    implements Telemetry,
        Telemetry.VersionTelemetry,
        Telemetry.VariantTelemetry,
        Telemetry.CacheTelemetry,
        Telemetry.ShadowTelemetry {
  final AtomicInteger succeeded = new AtomicInteger();
  final AtomicInteger cached = new AtomicInteger();
  final AtomicInteger hits = new AtomicInteger();
  final AtomicInteger shared = new AtomicInteger();
  final AtomicInteger misses = new AtomicInteger();
  final AtomicInteger bypassed = new AtomicInteger();
  volatile LongSupplier cacheEntries = () -> 0;
  volatile LongSupplier cacheBytes = () -> 0;
  final AtomicLong realElements = new AtomicLong();
  final AtomicLong addedElements = new AtomicLong();
  final AtomicInteger executions = new AtomicInteger();
  final AtomicInteger predictions = new AtomicInteger();
  final AtomicInteger rejected = new AtomicInteger();
  final AtomicInteger canceled = new AtomicInteger();
  final AtomicInteger failed = new AtomicInteger();
  final AtomicInteger sampled = new AtomicInteger();
  final AtomicInteger dropped = new AtomicInteger();
  final AtomicInteger compared = new AtomicInteger();
  final AtomicInteger shadowFailed = new AtomicInteger();

  @Override
  public VersionTelemetry version(String model, long version) {
    return this;
  }

  @Override
  public ShadowTelemetry shadow(String model, String shadow, long shadowVersion) {
    return this;
  }

  @Override
  public void describePredictions(String model, List<String> labels, boolean probabilities) {}

  @Override
  public void onRefusedEarly(FailureReason reason) {
    rejected.incrementAndGet();
  }

  @Override
  public VariantTelemetry variant(String variant) {
    return this;
  }

  @Override
  public void onBatch(int rows, int requests, CloseCause cause) {}

  @Override
  public void onExecution() {
    executions.incrementAndGet();
  }

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
      long totalNanos) {
    succeeded.incrementAndGet();
  }

  @Override
  public void onCached(long totalNanos) {
    cached.incrementAndGet();
  }

  @Override
  public Telemetry.CacheTelemetry cache(LongSupplier entries, LongSupplier bytes) {
    cacheEntries = entries;
    cacheBytes = bytes;
    return this;
  }

  @Override
  public Telemetry.PaddingTelemetry padding() {
    return (real, added) -> {
      realElements.addAndGet(real);
      addedElements.addAndGet(added);
    };
  }

  @Override
  public void onHit(long totalNanos) {
    hits.incrementAndGet();
  }

  @Override
  public void onShared() {
    shared.incrementAndGet();
  }

  @Override
  public void onMiss(long totalNanos) {
    misses.incrementAndGet();
  }

  @Override
  public void onKept(long nanos) {}

  @Override
  public void onBypass() {
    bypassed.incrementAndGet();
  }

  @Override
  public void onFailure(FailureReason reason) {
    switch (reason) {
      case REJECTED, OTHER -> rejected.incrementAndGet();
      case CANCELED -> canceled.incrementAndGet();
      case BACKEND -> failed.incrementAndGet();
    }
  }

  @Override
  public void onPrediction(int classIndex, double score) {
    predictions.incrementAndGet();
  }

  @Override
  public void onSampled() {
    sampled.incrementAndGet();
  }

  @Override
  public void onDropped() {
    dropped.incrementAndGet();
  }

  @Override
  public void onFailed() {
    shadowFailed.incrementAndGet();
  }

  @Override
  public void onCompared(int rows, int agreeingRows, double meanAbsoluteScoreDifference) {
    compared.incrementAndGet();
  }

  @Override
  public void close() {}
}
