package io.javelin.server.pipeline;

import io.javelin.batching.Admission;
import io.javelin.batching.BatchingConfig;
import io.javelin.loader.engine.Engine;
import io.javelin.loader.engine.EngineException;
import io.javelin.loader.engine.EngineInstance;
import io.javelin.loader.engine.ModelSignature;
import io.javelin.loader.store.ModelArtifact;
import io.javelin.server.pipeline.EngineBatchRunner.RunContext;
import io.javelin.server.pipeline.Telemetry.VariantTelemetry;
import io.javelin.server.pipeline.Telemetry.VersionTelemetry;
import io.javelin.server.quality.PredictionChoice;
import io.javelin.server.quality.PredictionReader;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// One loaded model version: its signature, its batcher and its engine instances. What a lease
/// borrows. Thread-safe.
public final class ModelRuntime {
  /// What a runtime is made of, besides its version's files.
  ///
  /// @param telemetry handles of this version; the runtime closes them
  /// @param shadows receives the copies of mirrored requests
  record Parts(
      Engine engine,
      ModelArtifact artifact,
      RuntimeSettings settings,
      VersionTelemetry telemetry,
      ShadowDispatcher shadows,
      LongSupplier nanoClock) {}

  private final Parts parts;
  private final ModelSignature signature;
  private final ShapePlan shaping;
  private final RequestValidator validator;
  private final Optional<PredictionReader> predictions;
  private final CallOutcomes outcomes;
  private final Lane lane;
  private final CacheHost cacheHost = new CacheHost();
  private final LiveCache cache;
  private volatile RuntimeSettings settings;

  private volatile @Nullable Lane shadowLane; // Written under this.
  private boolean closed; // Guarded by this.

  private ModelRuntime(Parts parts, List<EngineInstance> instances) throws EngineException {
    this.parts = parts;
    this.settings = parts.settings();
    this.signature = instances.getFirst().signature();
    this.shaping = ShapePlan.of(parts.settings(), signature, parts.telemetry());
    this.validator = new RequestValidator(parts.artifact().model(), signature, shaping.padding());
    this.predictions = predictions(parts, signature, shaping.padding());
    this.outcomes = new CallOutcomes(parts.telemetry(), parts.nanoClock());
    this.lane = startLane("", instances, this::onAnswered);
    this.cache =
        new LiveCache(
            () ->
                new CacheKeyHasher(parts.artifact().model(), parts.artifact().version(), signature),
            cacheHost,
            parts.telemetry(),
            parts.nanoClock());
    parts.telemetry().bindPending(lane.batcher()::queuedItems);
    cache.follow(settings.handling().cache());
  }

  /// Opens the version's instances and starts its batcher. Blocks.
  static ModelRuntime open(Parts parts) throws EngineException {
    List<EngineInstance> instances =
        Lane.openInstances(
            parts.engine(), parts.artifact(), parts.settings(), parts.settings().instances());
    try {
      return new ModelRuntime(parts, instances);
    } catch (EngineException | RuntimeException e) {
      instances.forEach(EngineInstance::close);
      throw e;
    }
  }

  /// An output that is cut back per request has no row size of its own, so it is no prediction.
  private static Optional<PredictionReader> predictions(
      Parts parts, ModelSignature signature, @Nullable PaddingPlan padding) throws EngineException {
    Optional<PredictionReader> chosen = predictions(parts, signature);
    boolean cut =
        padding != null
            && chosen.filter(reader -> padding.outputDim(reader.outputIndex()) >= 0).isPresent();
    String named = parts.settings().predictions().output();
    if (cut && named != null) {
      throw new EngineException("prediction output '%s' is cut back by padding".formatted(named));
    }
    return cut ? Optional.empty() : chosen;
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
    lane.batcher().reconfigure(batching(changed));
    cache.follow(changed.handling().cache());
  }

  RequestValidator.Result validate(InferRequest request) {
    RuntimeSettings current = settings;
    BatchingConfig config = batching(current);
    boolean splits = signature.batching() && current.handling().splitsOversize();
    return validator.validate(request, splits ? config.maxQueueRows() : config.maxBatchRows());
  }

  Admission submit(InferCall call) {
    ResponseCache open = cache.current();
    return open == null ? enqueue(call, lane, cacheHost) : open.submit(call);
  }

  /// Queues `call`, in parts if it must be.
  private Admission enqueue(
      InferCall call, Lane target, EngineBatchRunner.BatchCompletion completion) {
    RuntimeSettings current = settings;
    int maxRows = batching(current).maxBatchRows();
    if (call.rows() <= maxRows || !current.handling().splitsOversize()) {
      return target.batcher().submit(call);
    }
    if (call.rows() > current.batching().maxQueueRows() - target.batcher().queuedRows()) {
      return Admission.QUEUE_FULL; // Not even begun, unless others come between.
    }
    SplitCall.Target parts = new SplitCall.Target(target.batcher(), completion, outcomes);
    return new SplitCall(call, maxRows, parts, keptOutputs(call)).submit();
  }

  private boolean[] keptOutputs(InferCall call) {
    boolean[] kept = new boolean[signature.outputs().size()];
    for (int output : call.outputs()) {
      kept[output] = true;
    }
    predictions.ifPresent(reader -> kept[reader.outputIndex()] = true);
    return kept;
  }

  /// Takes a waiting call out of the queue; true when the caller owns it now.
  boolean withdraw(InferCall call) {
    Flight flight = call.flight();
    if (flight != null && flight.leave(call)) {
      return true;
    }
    SplitCall split = call.split();
    if (split != null) {
      split.cancel();
      return false; // It ends with its last part.
    }
    if (lane.batcher().cancel(call)) {
      return true;
    }
    Lane shadow = shadowLane;
    return shadow != null && shadow.batcher().cancel(call);
  }

  CallOutcomes outcomes() {
    return outcomes;
  }

  Optional<PredictionReader> predictions() {
    return predictions;
  }

  List<EngineInstance> instances() {
    return lane.instances();
  }

  int queuedRows() {
    return lane.batcher().queuedRows();
  }

  /// Admits a shadow copy to the lane of copies, which is opened by the first one. Blocks then:
  /// only the shadow dispatcher may call it.
  Admission submitShadow(InferCall copy) throws EngineException {
    Lane open = shadowLane;
    return enqueue(copy, open != null ? open : openShadowLane(), this::countPredictions);
  }

  /// Finishes what was admitted and frees native memory. Blocks.
  void close() {
    lane.close();
    synchronized (this) {
      closed = true;
      Lane shadow = shadowLane;
      if (shadow != null) {
        shadow.close();
      }
      cache.close();
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
      current = startLane("-shadow", instances, this::countPredictions);
      shadowLane = current;
    }
    return current;
  }

  private Lane startLane(
      String suffix, List<EngineInstance> instances, EngineBatchRunner.BatchCompletion completion) {
    RunContext context =
        new RunContext(
            model(),
            version(),
            signature,
            outcomes,
            parts.telemetry()::onExecution,
            shaping,
            completion);
    return Lane.start(
        model() + "-" + version() + suffix,
        instances,
        context,
        batching(settings),
        new Lane.Listener(outcomes, parts.telemetry()),
        parts.nanoClock());
  }

  /// A model without a batch dimension runs one request at a time.
  private BatchingConfig batching(RuntimeSettings current) {
    BatchingConfig config = current.batching();
    return signature.batching()
        ? config
        : new BatchingConfig(1, config.maxQueueRows(), config.maxQueueDelayNanos(), List.of());
  }

  private void onAnswered(InferCall call, BatchOutputs outputs, int firstRow) {
    countPredictions(call, outputs, firstRow);
    if (!call.route().shadows().isEmpty()) {
      parts.shadows().mirror(call, outputs, firstRow);
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

  /// This version as its cache sees it.
  private final class CacheHost implements ResponseCache.Host, EngineBatchRunner.BatchCompletion {
    @Override
    public Admission enqueue(InferCall call) {
      return ModelRuntime.this.enqueue(call, lane, this);
    }

    @Override
    public void onAnswered(InferCall call, BatchOutputs outputs, int firstRow) {
      ModelRuntime.this.onAnswered(call, outputs, firstRow);
    }

    @Override
    public Refusal refusal(InferCall call, Admission.Reason reason) {
      return InferencePipeline.notAdmitted(call, ModelRuntime.this, reason);
    }

    @Override
    public boolean[] keptOutputs(InferCall call) {
      return ModelRuntime.this.keptOutputs(call);
    }

    @Override
    public int maxWaitingRows() {
      return settings.batching().maxQueueRows();
    }

    @Override
    public CallOutcomes outcomes() {
      return outcomes;
    }
  }
}
