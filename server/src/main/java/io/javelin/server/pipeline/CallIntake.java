package io.javelin.server.pipeline;

import io.javelin.batching.Admission;
import io.javelin.batching.Admission.Reason;
import io.javelin.batching.Admission.Refused;
import io.javelin.server.pipeline.EngineBatchRunner.BatchCompletion;
import java.util.function.Supplier;

/// Takes the calls of one version in: answers from the cache if there is one, cuts a call that is
/// larger than a batch into parts, queues the rest. Thread-safe; never blocks.
final class CallIntake implements ResponseCache.Host {
  /// What a call is told that is too large for the room there is; nothing is known of its parts.
  private static final long OVERSIZE_ROOM_NANOS = 20_000_000;

  private final ModelRuntime runtime;
  private final CallQueue queue;
  private final BatchCompletion completion;
  private final LiveCache cache;

  /// @param completion told of every answer that a caller got
  CallIntake(
      ModelRuntime runtime, CallQueue queue, BatchCompletion completion, ModelRuntime.Parts parts) {
    this.runtime = runtime;
    this.queue = queue;
    this.completion = completion;
    Supplier<CacheKeyHasher> hasher =
        () -> new CacheKeyHasher(runtime.model(), runtime.version(), runtime.signature());
    this.cache = new LiveCache(hasher, this, parts.telemetry(), parts.nanoClock());
  }

  /// Follows new settings.
  void follow(RuntimeSettings settings) {
    cache.follow(settings.handling().cache());
  }

  /// Takes a call of any size that validation lets through.
  Admission submit(InferCall call) {
    ResponseCache open = cache.current();
    return open == null ? enqueue(call) : open.submit(call);
  }

  @Override
  public Admission enqueue(InferCall call) {
    return enqueue(call, queue, completion);
  }

  /// Queues `call`, in parts if it must be.
  Admission enqueue(InferCall call, CallQueue target, BatchCompletion told) {
    RuntimeSettings current = runtime.settings();
    int maxRows = runtime.maxBatchRows();
    if (call.rows() <= maxRows || !current.handling().splitsOversize()) {
      return target.submit(call);
    }
    if (call.rows() > current.batching().maxQueueRows() - target.queuedRows()) {
      // Not even begun, unless others come between.
      return new Refused(Reason.QUEUE_FULL, OVERSIZE_ROOM_NANOS);
    }
    SplitCall.Target parts = new SplitCall.Target(target, told, runtime.outcomes());
    return new SplitCall(call, maxRows, parts, keptOutputs(call)).submit();
  }

  @Override
  public boolean[] keptOutputs(InferCall call) {
    boolean[] kept = new boolean[runtime.signature().outputs().size()];
    for (int output : call.outputs()) {
      kept[output] = true;
    }
    runtime.predictions().ifPresent(reader -> kept[reader.outputIndex()] = true);
    return kept;
  }

  @Override
  public void onAnswered(InferCall call, BatchOutputs outputs, int firstRow) {
    completion.onAnswered(call, outputs, firstRow);
  }

  @Override
  public Refusal refusal(InferCall call, Refused refused) {
    return Refusals.notAdmitted(call, runtime, refused);
  }

  @Override
  public int maxWaitingRows() {
    return runtime.settings().batching().maxQueueRows();
  }

  @Override
  public CallOutcomes outcomes() {
    return runtime.outcomes();
  }

  /// Forgets the kept answers.
  void close() {
    cache.close();
  }
}
