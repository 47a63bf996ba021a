package io.javelin.server.pipeline;

import io.javelin.batching.Admission;
import io.javelin.batching.Batch;
import io.javelin.batching.BatchListener;
import io.javelin.batching.BatchingConfig;
import io.javelin.batching.MicroBatcher;
import io.javelin.loader.engine.Engine;
import io.javelin.loader.engine.EngineException;
import io.javelin.loader.engine.EngineInstance;
import io.javelin.loader.store.ModelArtifact;
import io.javelin.server.pipeline.EngineBatchRunner.RunContext;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;

/// Engine instances with the batcher that feeds them. A version has one lane for its callers and,
/// if traffic is mirrored to it, a second one for shadow copies: those wait in their own queue and
/// run on their own instance, never in front of a caller.
final class Lane implements CallQueue, AutoCloseable {
  private final List<EngineInstance> instances;
  private final List<EngineBatchRunner> runners;
  private final MicroBatcher<InferCall> batcher;

  private Lane(
      List<EngineInstance> instances,
      List<EngineBatchRunner> runners,
      MicroBatcher<InferCall> batcher) {
    this.instances = instances;
    this.runners = runners;
    this.batcher = batcher;
  }

  /// Opens `count` instances. Blocks; on failure nothing stays open.
  static List<EngineInstance> openInstances(
      Engine engine, ModelArtifact artifact, RuntimeSettings settings, int count)
      throws EngineException {
    List<EngineInstance> opened = new ArrayList<>();
    try {
      for (int i = 0; i < count; i++) {
        opened.add(engine.open(artifact, settings.instances().each()));
      }
    } catch (EngineException | RuntimeException e) {
      opened.forEach(EngineInstance::close);
      throw e;
    }
    return List.copyOf(opened);
  }

  /// Starts the batcher, with one worker per instance. The lane owns the instances from here on.
  static Lane start(
      String name,
      List<EngineInstance> instances,
      RunContext context,
      BatchingConfig config,
      BatchListener<InferCall> listener,
      LongSupplier nanoClock) {
    List<EngineBatchRunner> runners =
        instances.stream()
            .map(instance -> new EngineBatchRunner(context, instance, nanoClock))
            .toList();
    return new Lane(
        instances, runners, new MicroBatcher<>(name, config, runners, listener, nanoClock));
  }

  /// Whether nothing waits and nothing runs. May be out of date at once.
  boolean isIdle() {
    for (EngineBatchRunner runner : runners) {
      if (runner.isRunning()) {
        return false;
      }
    }
    return batcher.queuedItems() == 0;
  }

  @Override
  public Admission submit(InferCall call) {
    call.waitsIn(batcher);
    return batcher.submit(call);
  }

  @Override
  public int queuedRows() {
    return batcher.queuedRows();
  }

  MicroBatcher<InferCall> batcher() {
    return batcher;
  }

  /// A call that a runner may have in hand was cancelled. Any thread; never blocks for long.
  void onCancelled() {
    runners.forEach(EngineBatchRunner::onCancelled);
  }

  List<EngineInstance> instances() {
    return instances;
  }

  /// Finishes what was admitted, then frees the instances. Blocks.
  @Override
  public void close() {
    batcher.close();
    instances.forEach(EngineInstance::close);
  }

  /// Ends calls that the batcher drops, and reports batches.
  static final class Listener implements BatchListener<InferCall> {
    private final CallOutcomes outcomes;
    private final Telemetry.VersionTelemetry telemetry;

    Listener(CallOutcomes outcomes, Telemetry.VersionTelemetry telemetry) {
      this.outcomes = outcomes;
      this.telemetry = telemetry;
    }

    @Override
    public void onBatchClosed(Batch<InferCall> batch) {
      telemetry.onBatch(batch.rows(), batch.size(), batch.cause());
    }

    @Override
    public void onDropped(InferCall call, DropReason reason) {
      switch (reason) {
        case EXPIRED -> outcomes.rejected(call, call.expiry());
        case CANCELLED -> outcomes.canceled(call);
      }
    }

    @Override
    public void onRunFailed(Batch<InferCall> batch, Throwable failure) {
      for (int i = 0; i < batch.size(); i++) {
        InferCall call = batch.get(i);
        outcomes.failed(
            call,
            new Refusal.EngineFailed(
                call.request().model(), call.version(), String.valueOf(failure)));
      }
    }
  }
}
