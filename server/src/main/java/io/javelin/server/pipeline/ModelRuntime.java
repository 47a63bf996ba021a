package io.javelin.server.pipeline;

import io.javelin.batching.Admission;
import io.javelin.batching.BatchingConfig;
import io.javelin.batching.BatchingConfig.CostBound;
import io.javelin.batching.ServiceTimeModel;
import io.javelin.loader.engine.Engine;
import io.javelin.loader.engine.EngineException;
import io.javelin.loader.engine.EngineInstance;
import io.javelin.loader.engine.ModelSignature;
import io.javelin.loader.store.ModelArtifact;
import io.javelin.server.pipeline.EngineBatchRunner.BatchCompletion;
import io.javelin.server.pipeline.EngineBatchRunner.RunContext;
import io.javelin.server.pipeline.EngineBatchRunner.RunObserver;
import io.javelin.server.pipeline.Telemetry.VersionTelemetry;
import io.javelin.server.quality.PredictionReader;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One loaded model version: its signature, its lanes and its engine instances. What a lease
/// borrows. Thread-safe.
public final class ModelRuntime {
  private static final Logger LOG = LoggerFactory.getLogger(ModelRuntime.class);

  /// A power of two.
  private static final int RUNS_PER_REVIEW = 256;

  /// What a runtime is made of, besides its version's files.
  ///
  /// @param telemetry handles of this version; the runtime closes them
  /// @param surroundings what it shares with the rest of the server
  record Parts(
      Engine engine,
      ModelArtifact artifact,
      RuntimeSettings settings,
      VersionTelemetry telemetry,
      RuntimeFactory.Surroundings surroundings,
      LongSupplier nanoClock) {}

  private final Parts parts;
  private final ModelSignature signature;
  private final ShapePlan shaping;
  private final RequestValidator validator;
  private final CallOutcomes outcomes;
  private final PredictionCounter predictions;
  private final RunContext context;
  private final VersionLanes lanes;
  private final CallIntake intake;
  private final ServiceTimeModel runTimes = new ServiceTimeModel();
  private final AtomicInteger runs = new AtomicInteger();
  private volatile RuntimeSettings settings;

  private volatile @Nullable Lane shadowLane; // Written under this.
  private boolean closed; // Guarded by this.

  private ModelRuntime(Parts parts, List<EngineInstance> instances) throws EngineException {
    this.parts = parts;
    this.settings = parts.settings();
    this.signature = instances.getFirst().signature();
    CostBound costBound = settings.batching().costBound();
    if (costBound != null) {
      QueuePlacement.check(costBound, signature);
    }
    this.shaping = ShapePlan.of(settings, signature, parts.telemetry());
    this.validator = new RequestValidator(parts.artifact().model(), signature, shaping.padding());
    this.outcomes = new CallOutcomes(parts.telemetry(), parts.nanoClock());
    this.predictions =
        PredictionCounter.of(settings.predictions(), signature, shaping.padding(), outcomes);
    this.context = context(new Observer(), this::onAnswered);
    this.lanes =
        new VersionLanes(
            startLane("", instances, context), batching(settings), runTimes::estimateNanos);
    this.intake = new CallIntake(this, lanes, this::onAnswered, parts);
    parts.telemetry().bindPending(lanes::queuedItems);
    follow(settings);
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

  /// Applies batching values, time-outs and cache between two batches. What needs a reload is
  /// ignored here: see [RuntimeSettings#needsReload].
  public void reconfigure(RuntimeSettings changed) {
    settings = changed;
    lanes.reconfigure(batching(changed), changed.instances().execution());
    follow(changed);
  }

  private void follow(RuntimeSettings current) {
    int levels = current.batching().queueing().levels().size();
    parts.telemetry().bindQueue(levels, lanes::queuedRows, lanes::limitRows);
    intake.follow(current);
  }

  /// Measures run times, and opens the lane of the event loops if it is of use. Blocks; before the
  /// version is ready.
  void tryLoops(RunTimesProbe probe) throws EngineException {
    RuntimeSettings current = settings;
    BatchingConfig batching = batching(current);
    LoopLane opened =
        new LoopTrial(parts, probe, runTimes).run(instances().getFirst(), context, batching);
    if (opened != null) {
      lanes.add(opened);
      lanes.reconfigure(batching, current.instances().execution());
    }
    LOG.info("'{}' version {} {}", model(), version(), lanes.choice());
  }

  /// Another runtime over the same instances, that counts elsewhere. Before this one has had a
  /// request, and until [#dismiss] of the other.
  ModelRuntime understudy(VersionTelemetry counters) throws EngineException {
    RuntimeFactory.Surroundings shared = parts.surroundings();
    return new ModelRuntime(
        new Parts(
            parts.engine(),
            parts.artifact(),
            settings.withoutQueueDelay(),
            counters,
            new RuntimeFactory.Surroundings(
                shared.telemetry(), shared.shadows(), RequestLoops.NONE),
            parts.nanoClock()),
        instances());
  }

  /// Ends an understudy; the instances stay open for the runtime that owns them. Blocks.
  void dismiss() {
    lanes.threads().batcher().close();
    intake.close();
    parts.telemetry().close();
  }

  RequestValidator.Result validate(InferRequest request) {
    RuntimeSettings current = settings;
    BatchingConfig config = batching(current);
    boolean splits = signature.batching() && current.handling().splitsOversize();
    return validator.validate(request, splits ? config.maxQueueRows() : config.maxBatchRows());
  }

  Admission submit(InferCall call) {
    Admission admission = intake.submit(call);
    parts.telemetry().onAdmission(admission);
    return admission;
  }

  /// A call that was not waiting any more has been cancelled: a run without callers is stopped.
  /// Runs on event loops are too short for that.
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
    return predictions.reader();
  }

  List<EngineInstance> instances() {
    return lanes.threads().instances();
  }

  /// Most rows of one run at present.
  int maxBatchRows() {
    return batching(settings).maxBatchRows();
  }

  int queuedRows() {
    return lanes.queuedRows();
  }

  /// Rows that wait at a priority level, without the batch that is next.
  int queuedRows(int level) {
    return lanes.queuedRows(level);
  }

  /// Rows that may wait and run by the adaptive limit, or 0 without one.
  int limitRows() {
    return lanes.limitRows();
  }

  /// What the instance threads take for a batch, learned from the batches for callers.
  ServiceTimeModel serviceTimes() {
    return lanes.threads().batcher().serviceTimes();
  }

  /// Admits a shadow copy to the lane of copies, which is opened by the first one. Blocks then:
  /// only the shadow dispatcher may call it.
  Admission submitShadow(InferCall copy) throws EngineException {
    Lane open = shadowLane;
    return intake.enqueue(copy, open != null ? open : openShadowLane(), predictions::count);
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
      intake.close();
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
      current = startLane("-shadow", instances, context(new ShadowObserver(), predictions::count));
      shadowLane = current;
    }
    return current;
  }

  private RunContext context(RunObserver observer, BatchCompletion completion) {
    return new RunContext(model(), version(), signature, outcomes, observer, shaping, completion);
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

  private void onAnswered(InferCall call, BatchOutputs outputs, int firstRow) {
    predictions.count(call, outputs, firstRow);
    if (!call.route().shadows().isEmpty()) {
      parts.surroundings().shadows().mirror(call, outputs, firstRow);
    }
  }

  /// Learns from the runs that callers wait for.
  private final class Observer implements RunObserver {
    @Override
    public void onRun() {
      parts.telemetry().onExecution();
    }

    @Override
    public void onRan(Object batchKey, int rows, long nanos) {
      runTimes.record(batchKey, rows, nanos);
      if ((runs.incrementAndGet() & (RUNS_PER_REVIEW - 1)) == 0) {
        lanes.review();
      }
    }

    @Override
    public void onTermination() {
      parts.telemetry().onTermination();
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
}
