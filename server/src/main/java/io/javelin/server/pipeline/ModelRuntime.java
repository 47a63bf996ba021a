package io.javelin.server.pipeline;

import io.javelin.batching.Admission;
import io.javelin.batching.BatchingConfig;
import io.javelin.batching.BatchingConfig.CostBound;
import io.javelin.batching.MicroBatcher;
import io.javelin.batching.ServiceTimeModel;
import io.javelin.loader.engine.Engine;
import io.javelin.loader.engine.EngineException;
import io.javelin.loader.engine.EngineInstance;
import io.javelin.loader.engine.InstanceConfig;
import io.javelin.loader.engine.ModelSignature;
import io.javelin.loader.store.ModelArtifact;
import io.javelin.server.pipeline.EngineBatchRunner.BatchCompletion;
import io.javelin.server.pipeline.EngineBatchRunner.RunContext;
import io.javelin.server.pipeline.EngineBatchRunner.RunObserver;
import io.javelin.server.pipeline.RuntimeSettings.Instances;
import io.javelin.server.pipeline.Telemetry.VariantTelemetry;
import io.javelin.server.pipeline.Telemetry.VersionTelemetry;
import io.javelin.server.quality.PredictionChoice;
import io.javelin.server.quality.PredictionReader;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One loaded model version: its signature, its batcher and its engine instances. What a lease
/// borrows. Thread-safe.
public final class ModelRuntime {
  private static final Logger LOG = LoggerFactory.getLogger(ModelRuntime.class);

  /// A power of two.
  private static final int RUNS_PER_REVIEW = 256;

  /// What a runtime is made of, besides its version's files.
  ///
  /// @param telemetry handles of this version; the runtime closes them
  /// @param surroundings telemetry of the server, shadows, event loops
  record Parts(
      Engine engine,
      ModelArtifact artifact,
      RuntimeSettings settings,
      VersionTelemetry telemetry,
      RuntimeFactory.Surroundings surroundings,
      LongSupplier nanoClock) {}

  private final Parts parts;
  private final ModelSignature signature;
  private final RequestValidator validator;
  private final Optional<PredictionReader> predictions;
  private final CallOutcomes outcomes;
  private final VersionLanes lanes;
  private final RunContext context;
  private final ServiceTimeModel times = new ServiceTimeModel();
  private final AtomicInteger runs = new AtomicInteger();
  private volatile RuntimeSettings settings;

  private volatile @Nullable Lane shadowLane; // Written under this.
  private boolean closed; // Guarded by this.

  private ModelRuntime(Parts parts, List<EngineInstance> instances) throws EngineException {
    this.parts = parts;
    this.settings = parts.settings();
    this.signature = instances.getFirst().signature();
    CostBound costBound = parts.settings().batching().costBound();
    if (costBound != null) {
      QueuePlacement.check(costBound, signature);
    }
    this.validator = new RequestValidator(parts.artifact().model(), signature);
    this.predictions = predictions(parts, signature);
    this.outcomes = new CallOutcomes(parts.telemetry(), parts.nanoClock());
    this.context = context(new Observer(), this::onAnswered);
    this.lanes =
        new VersionLanes(
            startLane("", instances, context), batching(settings), times::estimateNanos);
    parts.telemetry().bindPending(lanes::queuedItems);
    bindQueue(parts.settings());
  }

  /// Opens the version's instances and starts its batcher. Blocks.
  static ModelRuntime open(Parts parts) throws EngineException {
    List<EngineInstance> instances =
        Lane.openInstances(
            parts.engine(),
            parts.artifact(),
            parts.settings(),
            parts.settings().instances().count());
    try {
      return new ModelRuntime(parts, instances);
    } catch (EngineException | RuntimeException e) {
      instances.forEach(EngineInstance::close);
      throw e;
    }
  }

  private static Optional<PredictionReader> predictions(Parts parts, ModelSignature signature)
      throws EngineException {
    return switch (PredictionChoice.of(signature, parts.settings().predictions())) {
      case PredictionChoice.Chosen(PredictionReader reader) -> Optional.of(reader);
      case PredictionChoice.Nothing() -> Optional.empty();
      case PredictionChoice.Invalid(String error) -> throw new EngineException(error);
    };
  }

  /// Model name.
  public String model() {
    return parts.artifact().model();
  }

  /// Version number.
  public long version() {
    return parts.artifact().version();
  }

  /// Inputs and outputs, as the model file has them.
  public ModelSignature signature() {
    return signature;
  }

  /// The engine's `platform` for model metadata.
  public String platform() {
    return parts.engine().platform();
  }

  /// The settings in force.
  public RuntimeSettings settings() {
    return settings;
  }

  /// Applies batching values and time-outs between two batches. What needs a reload is ignored
  /// here: see [RuntimeSettings#needsReload].
  public void reconfigure(RuntimeSettings changed) {
    settings = changed;
    lanes.reconfigure(batching(changed), changed.instances().execution());
    bindQueue(changed);
  }

  /// Measures run times on an instance that nothing else uses yet, and opens the lane of the event
  /// loops if it may be of use. Blocks; before the version is ready.
  void measure(RunTimesProbe probe) throws EngineException {
    if (!mayUseLoops()) {
      return;
    }
    probe.measure(instances().getFirst(), batching(settings).maxBatchRows(), times);
    RuntimeSettings current = settings;
    Execution execution = current.instances().execution();
    if (times.estimateNanos(1) <= execution.loopBoundNanos()) {
      openLoops(probe);
      lanes.reconfigure(batching(current), execution);
    }
    LOG.info("'{}' version {}: {}", model(), version(), lanes.choice());
  }

  private boolean mayUseLoops() {
    Instances instances = settings.instances();
    return parts.surroundings().loops().count() > 0
        && instances.execution().mode() != Execution.Mode.THREADS
        // A run on another device waits for it, and a loop must not wait.
        && instances.each().provider() == InstanceConfig.Provider.CPU;
  }

  private void openLoops(RunTimesProbe probe) throws EngineException {
    RequestLoops loops = parts.surroundings().loops();
    List<EngineInstance> instances =
        Lane.openInstances(parts.engine(), parts.artifact(), settings, loops.count());
    try {
      for (EngineInstance instance : instances) {
        probe.warm(instance, batching(settings).maxBatchRows());
      }
    } catch (EngineException | RuntimeException e) {
      instances.forEach(EngineInstance::close);
      throw e;
    }
    lanes.add(
        LoopLane.start(
            loops,
            instances,
            context,
            batching(settings),
            new Lane.Listener(outcomes, parts.telemetry()),
            parts.nanoClock()));
  }

  private void bindQueue(RuntimeSettings current) {
    parts
        .telemetry()
        .bindQueue(
            current.batching().queueing().levels().size(), lanes::queuedRows, lanes::limitRows);
  }

  /// Another runtime over the same instances, that counts elsewhere. Before this one has had a
  /// request, and until [#dismiss] of the other.
  ModelRuntime understudy(VersionTelemetry counters) throws EngineException {
    return new ModelRuntime(
        new Parts(
            parts.engine(),
            parts.artifact(),
            settings.withoutQueueDelay(),
            counters,
            new RuntimeFactory.Surroundings(
                parts.surroundings().telemetry(),
                parts.surroundings().shadows(),
                RequestLoops.NONE),
            parts.nanoClock()),
        instances());
  }

  /// Ends an understudy; the instances stay open for the runtime that owns them. Blocks.
  void dismiss() {
    lanes.threads().batcher().close();
    parts.telemetry().close();
  }

  RequestValidator.Result validate(InferRequest request) {
    return validator.validate(request, batching(settings).maxBatchRows());
  }

  Admission submit(InferCall call) {
    Admission admission = lanes.submit(call);
    parts.telemetry().onAdmission(admission);
    return admission;
  }

  /// A call that was not waiting any more has been cancelled: a run without callers is stopped.
  void onCancelled() {
    lanes.threads().onCancelled();
    Lane shadow = shadowLane;
    if (shadow != null) {
      shadow.onCancelled();
    }
  }

  CallOutcomes outcomes() {
    return outcomes;
  }

  Optional<PredictionReader> predictions() {
    return predictions;
  }

  List<EngineInstance> instances() {
    return lanes.threads().instances();
  }

  int queuedRows() {
    return lanes.queuedRows();
  }

  /// What runs take, learned from the runs for callers.
  ServiceTimeModel serviceTimes() {
    return lanes.threads().batcher().serviceTimes();
  }

  /// Rows that wait at a priority level, without the batch that is next.
  int queuedRows(int level) {
    return lanes.queuedRows(level);
  }

  /// Rows that may wait and run by the adaptive limit, or 0 without one.
  int limitRows() {
    return lanes.limitRows();
  }

  /// Admits a shadow copy to the lane of copies, which is opened by the first one. Blocks then:
  /// only the shadow dispatcher may call it.
  Admission submitShadow(InferCall copy) throws EngineException {
    Lane open = shadowLane;
    MicroBatcher<InferCall> batcher = (open != null ? open : openShadowLane()).batcher();
    copy.waitsIn(batcher);
    return batcher.submit(copy);
  }

  /// Finishes what was admitted and frees native memory. Blocks.
  void close() {
    lanes.close();
    synchronized (this) {
      closed = true;
      Lane shadow = shadowLane;
      if (shadow != null) {
        shadow.close();
      }
    }
    parts.telemetry().close();
  }

  private synchronized Lane openShadowLane() throws EngineException {
    if (closed) {
      throw new EngineException("version is being unloaded");
    }
    Lane current = shadowLane;
    if (current == null) {
      List<EngineInstance> instances =
          Lane.openInstances(parts.engine(), parts.artifact(), settings, 1);
      current =
          startLane("-shadow", instances, context(new ShadowObserver(), this::countPredictions));
      shadowLane = current;
    }
    return current;
  }

  private RunContext context(RunObserver observer, BatchCompletion completion) {
    return new RunContext(model(), version(), signature, outcomes, observer, completion);
  }

  private Lane startLane(String suffix, List<EngineInstance> instances, RunContext of) {
    return Lane.start(
        model() + "-" + version() + suffix,
        instances,
        of,
        batching(settings),
        new Lane.Listener(outcomes, parts.telemetry()),
        parts.nanoClock());
  }

  /// A model without a batch dimension runs one request at a time.
  private BatchingConfig batching(RuntimeSettings current) {
    BatchingConfig config = current.batching();
    return signature.batching()
        ? config
        : new BatchingConfig(
            1,
            config.maxQueueRows(),
            config.maxQueueDelayNanos(),
            List.of(),
            config.costBound(),
            config.queueing());
  }

  /// Learns from the runs that callers wait for.
  private final class Observer implements RunObserver {
    @Override
    public void onRun() {
      parts.telemetry().onExecution();
    }

    @Override
    public void onTermination() {
      parts.telemetry().onTermination();
    }

    @Override
    public void onRan(Object batchKey, int rows, long nanos) {
      times.record(batchKey, rows, nanos);
      if ((runs.incrementAndGet() & (RUNS_PER_REVIEW - 1)) == 0) {
        lanes.review();
      }
    }
  }

  /// Shadow copies run beside the callers' runs and slower: nothing is learned from them.
  private final class ShadowObserver implements RunObserver {
    @Override
    public void onRun() {
      parts.telemetry().onExecution();
    }

    @Override
    public void onTermination() {
      parts.telemetry().onTermination();
    }
  }

  private void onAnswered(InferCall call, BatchOutputs outputs, int firstRow) {
    countPredictions(call, outputs, firstRow);
    if (!call.route().shadows().isEmpty()) {
      parts.surroundings().shadows().mirror(call, outputs, firstRow);
    }
  }

  private void countPredictions(InferCall call, BatchOutputs outputs, int firstRow) {
    if (predictions.isEmpty()) {
      return;
    }
    PredictionReader reader = predictions.get();
    MemorySegment bytes = outputs.bytes(reader.outputIndex());
    long rowBytes = outputs.offset(reader.outputIndex(), 1);
    VariantTelemetry telemetry = outcomes.variant(call.variant());
    for (int row = firstRow; row < firstRow + call.rows(); row++) {
      int predicted = reader.classOf(bytes, rowBytes, row);
      telemetry.onPrediction(predicted, reader.scoreOf(bytes, rowBytes, row, predicted));
    }
  }
}
