package io.javelin.server.pipeline;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.javelin.batching.Admission;
import io.javelin.batching.BatchingConfig;
import io.javelin.batching.MicroBatcher;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The ways in which the callers of one version are served: the lane of instance threads, which
/// every version has, and the lane of the event loops, for those cheap enough. Chooses between them
/// for each call. Thread-safe.
final class VersionLanes implements CallQueue, AutoCloseable {
  private final Lane threads;
  private final RunTimes times;
  private final Object lock = new Object();
  private volatile @Nullable LoopLane loops;
  private volatile ExecutionChoice choice = ExecutionChoice.THREADS;

  @GuardedBy("lock")
  private Execution execution = new Execution(Execution.Mode.THREADS, 0);

  @GuardedBy("lock")
  private BatchingConfig batching;

  /// @param batching what `threads` was started with
  VersionLanes(Lane threads, BatchingConfig batching, RunTimes times) {
    this.threads = threads;
    this.batching = batching;
    this.times = times;
  }

  /// Adds the lane of the event loops; before the version is ready.
  void add(LoopLane lane) {
    loops = lane;
  }

  ExecutionChoice choice() {
    return choice;
  }

  /// Applies new settings between two batches. What waits already stays where it is.
  void reconfigure(BatchingConfig changed, Execution wanted) {
    synchronized (lock) {
      execution = wanted;
      batching = changed;
      threads.batcher().reconfigure(changed);
      choose(true);
    }
  }

  /// Follows the run times as they are now. Takes microseconds; an event loop may call it.
  void review() {
    synchronized (lock) {
      choose(false);
    }
  }

  @GuardedBy("lock")
  private void choose(boolean always) {
    LoopLane open = loops;
    if (open == null) {
      return;
    }
    ExecutionChoice chosen = ExecutionChoice.of(execution, times, batching.maxBatchRows(), choice);
    if (chosen.loopRows() > 0 && (always || !chosen.equals(choice))) {
      open.reconfigure(withRows(batching, chosen.loopRows()));
    }
    choice = chosen;
  }

  /// The same batching with runs of at most `rows` rows.
  private static BatchingConfig withRows(BatchingConfig config, int rows) {
    if (rows >= config.maxBatchRows()) {
      return config;
    }
    List<Integer> preferred = config.preferredRows().stream().filter(size -> size <= rows).toList();
    return new BatchingConfig(
        rows,
        config.maxQueueRows(),
        config.maxQueueDelayNanos(),
        preferred,
        config.costBound(),
        config.queueing());
  }

  @Override
  public Admission submit(InferCall call) {
    ExecutionChoice now = choice;
    LoopLane here = now.loopRows() < call.rows() ? null : laneHere(now, call.rows());
    if (here == null) {
      return threads.submit(call);
    }
    // Beside idle threads a long burst is theirs: a loop that ran full batches would keep it all.
    return here.submit(call, now.whileBusy() ? now.loopRows() : Integer.MAX_VALUE);
  }

  /// The lane of the event loops, if the calling thread is one and should run the call itself.
  private @Nullable LoopLane laneHere(ExecutionChoice now, int rows) {
    LoopLane open = loops;
    MicroBatcher<InferCall> here = open == null ? null : open.batcherHere();
    if (here == null || now.whileBusy()) {
      return here == null ? null : open;
    }
    boolean keepsBound = here.queuedRows() + rows <= now.loopRows();
    return keepsBound && threads.isIdle() ? open : null;
  }

  Lane threads() {
    return threads;
  }

  @Override
  public int queuedRows() {
    LoopLane open = loops;
    return threads.batcher().queuedRows() + (open == null ? 0 : open.queuedRows());
  }

  int queuedRows(int level) {
    LoopLane open = loops;
    return threads.batcher().queuedRows(level) + (open == null ? 0 : open.queuedRows(level));
  }

  /// Rows that the adaptive limits of all lanes allow, or 0 without one.
  int limitRows() {
    LoopLane open = loops;
    return threads.batcher().limitRows() + (open == null ? 0 : open.limitRows());
  }

  int queuedItems() {
    LoopLane open = loops;
    return threads.batcher().queuedItems() + (open == null ? 0 : open.queuedItems());
  }

  /// Finishes what was admitted and frees the instances. Blocks.
  @Override
  public void close() {
    threads.close();
    LoopLane open = loops;
    if (open != null) {
      open.close();
    }
  }
}
