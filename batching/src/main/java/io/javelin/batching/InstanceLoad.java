package io.javelin.batching;

import java.util.ArrayList;
import org.jspecify.annotations.Nullable;

/// What each engine instance is running. Not thread-safe: guarded by the lock of [BatchQueue].
///
/// An instance is busy from the moment its step took a batch until the step looks into the queue
/// again.
final class InstanceLoad {
  private final ArrayList<Run> runs = new ArrayList<>();
  private int runningRows;

  /// The latest run of one instance.
  static final class Run {
    private final Wakeable step;
    private boolean busy;
    private int rows;
    private long startedNanos;
    private long oldestArrivalNanos;
    private long expectedEndNanos;

    private Run(Wakeable step) {
      this.step = step;
    }

    int rows() {
      return rows;
    }

    long startedNanos() {
      return startedNanos;
    }

    long oldestArrivalNanos() {
      return oldestArrivalNanos;
    }
  }

  /// `step` looks into the queue: its run, if it had one, has ended and is returned.
  @Nullable Run looks(Wakeable step) {
    Run run = runOf(step);
    if (!run.busy) {
      return null;
    }
    run.busy = false;
    runningRows -= run.rows;
    return run;
  }

  /// `step` takes a batch.
  ///
  /// @param runNanos estimated; 0 when unknown
  void starts(Wakeable step, int rows, long oldestArrivalNanos, long nowNanos, long runNanos) {
    Run run = runOf(step);
    run.busy = true;
    run.rows = rows;
    run.startedNanos = nowNanos;
    run.oldestArrivalNanos = oldestArrivalNanos;
    run.expectedEndNanos = nowNanos + runNanos;
    runningRows += rows;
  }

  int runningRows() {
    return runningRows;
  }

  /// Instances known, at least 1.
  int instances() {
    return Math.max(1, runs.size());
  }

  /// Time until an instance is free, 0 when one is or when the estimate has run out.
  long nanosUntilFree(long nowNanos) {
    long least = Long.MAX_VALUE;
    for (int i = 0; i < runs.size(); i++) {
      Run run = runs.get(i);
      long left = run.busy ? Math.max(0, run.expectedEndNanos - nowNanos) : 0;
      least = Math.min(least, left);
    }
    return runs.isEmpty() ? 0 : least;
  }

  private Run runOf(Wakeable step) {
    for (int i = 0; i < runs.size(); i++) {
      if (runs.get(i).step.equals(step)) {
        return runs.get(i);
      }
    }
    Run run = new Run(step);
    runs.add(run);
    return run;
  }
}
