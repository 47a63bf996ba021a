package io.javelin.server.pipeline;

import io.javelin.batching.Admission;
import io.javelin.loader.lifecycle.Lease;
import io.javelin.server.pipeline.EngineBatchRunner.BatchCompletion;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// A request with more rows than a batch may have, as parts that go through the batcher on their
/// own, possibly on several instances. The caller gets one answer with all rows in order, or one
/// refusal: the first that a part met. Thread-safe.
///
/// The whole call ends when its last part has: until then parts read its message. A part that fails
/// takes the others out of the queue. Outputs of the parts are kept on the heap until the last one
/// has come, the one exception from two copies of tensor bytes.
final class SplitCall implements ReplyPort {
  /// What the parts need of the version and its lane.
  ///
  /// @param completion told of the whole, as of any answered call
  record Target(CallQueue queue, BatchCompletion completion, CallOutcomes outcomes) {}

  private final InferCall whole;
  private final Target target;
  private final List<InferCall> parts = new ArrayList<>();
  private final JoinedOutputs outputs;
  private final int maxRows;
  private final AtomicInteger running;
  private final AtomicReference<@Nullable Refusal> refusal = new AtomicReference<>();

  /// @param kept outputs that are kept of each part
  SplitCall(InferCall whole, int maxRows, Target target, boolean[] kept) {
    this.whole = whole;
    this.target = target;
    this.maxRows = maxRows;
    int count = Math.ceilDiv(whole.rows(), maxRows);
    ModelRuntime runtime = whole.runtime();
    this.outputs = new JoinedOutputs(runtime.signature(), whole.rows(), count, kept);
    this.running = new AtomicInteger(count);
    RowRanges ranges = new RowRanges(whole, runtime.signature());
    for (int i = 0; i < count; i++) {
      parts.add(part(ranges, Math.min(maxRows, whole.rows() - i * maxRows)));
    }
  }

  private InferCall part(RowRanges ranges, int rows) {
    InferCall.Binding bound = whole.binding();
    long[][] shapes = new long[bound.shapes().length][];
    for (int i = 0; i < shapes.length; i++) {
      shapes[i] = RowRanges.shape(bound.shapes()[i], rows);
    }
    InferCall part =
        new InferCall(
            ranges.cut(rows),
            new Payload(0, () -> {}),
            this,
            whole.userId(),
            whole.arrivedNanos(),
            whole.deadlineNanos());
    part.bind(
        new InferCall.Binding(
            new Shared(bound.lease()),
            bound.route(),
            rows,
            bound.order(),
            shapes,
            bound.outputs(),
            bound.batchKey()));
    part.partOf(this);
    return part;
  }

  /// Queues the parts. What is refused after the first was taken is answered here.
  Admission submit() {
    whole.split(this);
    for (int i = 0; i < parts.size(); i++) {
      if (target.queue().submit(parts.get(i)) instanceof Admission.Refused refused) {
        if (i == 0) {
          return refused;
        }
        fail(Refusals.notAdmitted(whole, whole.runtime(), refused));
        leave(parts.size() - i, null);
        return Admission.ADMITTED;
      }
    }
    if (whole.isCancelled()) {
      cancel();
    }
    return Admission.ADMITTED;
  }

  /// Takes the parts that still wait out of the queue. The whole ends when the last part has.
  void cancel() {
    parts.forEach(InferCall::cancel);
  }

  /// One part has ended. By [CallOutcomes], after it has closed the part.
  ///
  /// @param times of its batch when it was answered
  void ended(@Nullable BatchTimes times) {
    leave(1, times);
  }

  private void leave(int count, @Nullable BatchTimes times) {
    if (running.addAndGet(-count) == 0) {
      finish(times);
    }
  }

  private void finish(@Nullable BatchTimes times) {
    Refusal failed = refusal.get();
    if (failed instanceof Refusal.EngineFailed) {
      target.outcomes().failed(whole, failed);
    } else if (failed != null) {
      target.outcomes().rejected(whole, failed);
    } else if (times == null || !outputs.isComplete()) {
      target.outcomes().canceled(whole);
    } else {
      answerWhole(times);
    }
  }

  private void answerWhole(BatchTimes times) {
    BatchOutputs joined = outputs.join();
    boolean answered = whole.answer(joined, 0);
    Flight flight = whole.flight();
    if (flight != null) {
      flight.land(whole, joined, 0);
    }
    if (answered) {
      target.completion().onAnswered(whole, joined, 0);
      target.outcomes().succeeded(whole, times);
    } else {
      target.outcomes().canceled(whole);
    }
  }

  @Override
  public void answer(InferCall part, BatchOutputs source, int firstRow) {
    int index = parts.indexOf(part);
    try {
      outputs.put(index, index * maxRows, source, firstRow, part.rows());
    } catch (RuntimeException e) {
      fail(
          new Refusal.EngineFailed(
              whole.request().model(), whole.version(), String.valueOf(e.getMessage())));
    }
  }

  @Override
  public void refuse(InferCall part, Refusal why) {
    fail(why instanceof Refusal.DeadlineExceeded ? whole.expiry() : why);
  }

  private void fail(Refusal why) {
    if (refusal.compareAndSet(null, why)) {
      cancel();
    }
  }

  /// The whole's lease, which the parts do not close.
  private record Shared(Lease<ModelRuntime> lease) implements Lease<ModelRuntime> {
    @Override
    public ModelRuntime servable() {
      return lease.servable();
    }

    @Override
    public long version() {
      return lease.version();
    }

    @Override
    public void close() {}
  }
}
