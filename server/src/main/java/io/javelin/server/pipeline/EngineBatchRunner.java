package io.javelin.server.pipeline;

import io.javelin.batching.Batch;
import io.javelin.batching.BatchRunner;
import io.javelin.batching.CloseCause;
import io.javelin.loader.engine.EngineException;
import io.javelin.loader.engine.EngineInstance;
import io.javelin.loader.engine.ModelSignature;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// Runs batches on one engine instance: gather rows into native memory, run, scatter rows to the
/// callers. Used by one batch worker.
///
/// The received messages are kept until the run is over: when the engine refuses a batch of several
/// requests, each is run again on its own, so that one caller's bad values never cost the others
/// their answers.
final class EngineBatchRunner implements BatchRunner<InferCall> {
  private final RunContext context;
  private final EngineInstance instance;
  private final LongSupplier nanoClock;
  private final BatchOutputs outputs;
  private final RunningBatch running;
  private final BatchTimes times = new BatchTimes();
  private final Single single = new Single();
  private final BatchInputs inputs;
  private final @Nullable PaddingPlan padding;

  /// For other threads to look at; written by the one that runs the batch.
  private volatile boolean busy;

  /// What a runner needs of its model version.
  ///
  /// @param shaping what is added to a batch before it runs
  /// @param completion told of each answered batch while its outputs are still valid
  record RunContext(
      String model,
      long version,
      ModelSignature signature,
      CallOutcomes outcomes,
      RunObserver observer,
      ShapePlan shaping,
      BatchCompletion completion) {}

  /// Told of each run of the model, on the thread that runs it.
  interface RunObserver {
    /// A run begins.
    default void onRun() {}

    /// A run has succeeded.
    ///
    /// @param batchKey of all its requests
    /// @param nanos from the call into the engine to its return
    default void onRan(Object batchKey, int rows, long nanos) {}

    /// A run was stopped because all its callers had gone. On the thread of the last one.
    default void onTermination() {}
  }

  /// Told after the callers have their answers: predictions are counted, shadows are fed.
  @FunctionalInterface
  interface BatchCompletion {
    /// `call`'s rows start at `firstRow` of `outputs`, which are valid during this call only.
    void onAnswered(InferCall call, BatchOutputs outputs, int firstRow);
  }

  EngineBatchRunner(RunContext context, EngineInstance instance, LongSupplier nanoClock) {
    this.context = context;
    this.instance = instance;
    this.nanoClock = nanoClock;
    this.running = new RunningBatch(instance, context.observer()::onTermination);
    this.outputs = new BatchOutputs(context.signature());
    this.inputs = new BatchInputs(context.signature(), context.shaping(), instance);
    this.padding = context.shaping().padding();
  }

  /// Whether a batch is being run at the moment. Any thread.
  boolean isRunning() {
    return busy;
  }

  /// A caller of the running batch may have gone. Any thread.
  void onCancelled() {
    running.onCancelled();
  }

  @Override
  public void run(Batch<InferCall> batch) {
    busy = true;
    try {
      runAndAnswer(batch);
    } finally {
      busy = false;
    }
  }

  private void runAndAnswer(Batch<InferCall> batch) {
    times.closed(batch.closedNanos());
    try {
      execute(batch);
    } catch (EngineException | RuntimeException e) {
      if (batch.size() == 1) {
        endFailed(batch.get(0), e);
      } else {
        runOneByOne(batch);
      }
      return;
    }
    answer(batch);
  }

  private void execute(Batch<InferCall> batch) throws EngineException {
    long[][] shapes = inputs.gather(batch);
    times.gathered(nanoClock.getAsLong());
    context.observer().onRun();
    runInstance(batch, shapes);
    outputs.read(instance, context.shaping().runRows(batch.rows()));
    if (padding != null) {
      cutBack(padding, batch);
    }
    times.ran(nanoClock.getAsLong());
    context.observer().onRan(batch.get(0).batchKey(), batch.rows(), times.runNanos());
  }

  private void runInstance(Batch<InferCall> batch, long[][] shapes) throws EngineException {
    running.begin(batch);
    try {
      instance.run(shapes);
    } finally {
      running.end();
    }
  }

  private void answer(Batch<InferCall> batch) {
    int row = 0;
    for (int i = 0; i < batch.size(); i++) {
      InferCall call = batch.get(i);
      show(call, row);
      call.answer(outputs, row);
      row += call.rows();
    }
    times.replied(nanoClock.getAsLong());
    row = 0;
    for (int i = 0; i < batch.size(); i++) {
      InferCall call = batch.get(i);
      int firstRow = row;
      row += call.rows();
      show(call, firstRow);
      Flight flight = call.flight();
      if (flight != null) {
        flight.land(call, outputs, firstRow);
      }
      if (call.delivered()) {
        if (call.partOf() == null) { // Else the whole will be told of.
          context.completion().onAnswered(call, outputs, firstRow);
        }
        context.outcomes().succeeded(call, times);
      } else {
        context.outcomes().canceled(call);
      }
    }
  }

  /// Removes the padding from the rows of each call, in place.
  private void cutBack(PaddingPlan plan, Batch<InferCall> batch) throws EngineException {
    long bucket = plan.bucketOf(lengthOf(plan, batch.get(0)));
    int row = 0;
    for (int i = 0; i < batch.size(); i++) {
      InferCall call = batch.get(i);
      outputs.cut(plan, row, call.rows(), lengthOf(plan, call), bucket);
      row += call.rows();
    }
  }

  private void show(InferCall call, int firstRow) {
    if (padding != null) {
      outputs.show(padding, firstRow, lengthOf(padding, call));
    }
  }

  private static long lengthOf(PaddingPlan plan, InferCall call) {
    return plan.lengthOf(call.binding().shapes());
  }

  private void runOneByOne(Batch<InferCall> batch) {
    for (int i = 0; i < batch.size(); i++) {
      InferCall call = batch.get(i);
      if (call.isCancelled()) {
        context.outcomes().canceled(call);
        continue;
      }
      single.call = call;
      single.closedNanos = batch.closedNanos();
      runAndAnswer(single);
    }
    single.call = null;
  }

  /// The failure of a run that was stopped, or whose caller has gone meanwhile, is nobody's news.
  private void endFailed(InferCall call, Exception failure) {
    if (call.isCancelled()) {
      context.outcomes().canceled(call);
    } else {
      fail(call, failure);
    }
  }

  private void fail(InferCall call, Exception failure) {
    String what = failure.getMessage() == null ? failure.toString() : failure.getMessage();
    context
        .outcomes()
        .failed(call, new Refusal.EngineFailed(context.model(), context.version(), what));
  }

  /// One request of a failed batch, run on its own.
  private static final class Single implements Batch<InferCall> {
    private @Nullable InferCall call;
    private long closedNanos;

    @Override
    public int size() {
      return 1;
    }

    @Override
    public InferCall get(int index) {
      InferCall current = call;
      if (current == null || index != 0) {
        throw new IndexOutOfBoundsException(index);
      }
      return current;
    }

    @Override
    public int rows() {
      return get(0).rows();
    }

    @Override
    public CloseCause cause() {
      return CloseCause.IDLE;
    }

    @Override
    public long closedNanos() {
      return closedNanos;
    }
  }
}
