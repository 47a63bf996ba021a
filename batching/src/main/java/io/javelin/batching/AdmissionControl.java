package io.javelin.batching;

import io.javelin.batching.Admission.Reason;
import io.javelin.batching.Admission.Refused;
import io.javelin.batching.InstanceLoad.Run;
import org.jspecify.annotations.Nullable;

/// Foretells what a new request would have to wait, and limits how much is in flight. Not
/// thread-safe: guarded by the lock of [BatchQueue].
///
/// The estimate of a request's time is: until an instance is free, plus a full run for each full
/// batch ahead per instance, plus the run that it is in itself. A request is let in only if that,
/// and a quarter more, leaves it a millisecond for its way back: letting everything in that is
/// foreseen to end just in time fills the queue with requests that end just too late, and under
/// overload those were measured to be nearly all.
final class AdmissionControl {
  /// Once per this time a request is admitted that by the estimate cannot make its deadline. An
  /// estimate that is wrong is corrected by runs only, and refusing all requests would end the
  /// runs.
  static final long PROBE_NANOS = 500_000_000;

  /// What a busy batcher tells its callers while it has not learned.
  static final long UNKNOWN_ROOM_NANOS = 20_000_000;

  private static final long SAFETY_SHARE = 4;
  private static final long WAY_BACK_NANOS = 1_000_000;

  private static final long LEAST_ROOM_NANOS = 1_000_000;
  private static final long MOST_ROOM_NANOS = 5_000_000_000L;

  /// Deadlines this many times further away than the mean estimate need no exact one.
  private static final int AMPLE = 8;

  private final ServiceTimeModel serviceTimes;
  private final InstanceLoad load = new InstanceLoad();
  private int maxRows;
  private int maxQueueRows;
  private @Nullable AdaptiveLimit limit;
  private long fullRunNanos;
  private long probedNanos;
  private boolean probed;

  AdmissionControl(ServiceTimeModel serviceTimes, BatchingConfig config) {
    this.serviceTimes = serviceTimes;
    reconfigure(config);
  }

  void reconfigure(BatchingConfig config) {
    maxRows = config.maxBatchRows();
    maxQueueRows = config.maxQueueRows();
    if (!config.queueing().adaptiveLimit()) {
      limit = null;
    } else if (limit == null) {
      limit = new AdaptiveLimit(maxQueueRows);
    }
  }

  /// `step` looks into the queue, in which `waitingRows` wait.
  void looks(Wakeable step, int waitingRows, long nowNanos) {
    int inFlightRows = waitingRows + load.runningRows();
    Run ended = load.looks(step);
    AdaptiveLimit current = limit;
    if (ended == null || current == null) {
      return;
    }
    current.onBatch(
        nowNanos - ended.oldestArrivalNanos(), nowNanos - ended.startedNanos(), inFlightRows);
    long held = (long) load.instances() * maxRows;
    current.bound(held, held + maxQueueRows);
  }

  /// `step` takes the oldest requests of `waiting`, of `rows` rows in all.
  void starts(Wakeable step, WaitingItems waiting, int rows, long nowNanos) {
    long runNanos = serviceTimes.estimateNanos(waiting.batchKey(0), rows);
    fullRunNanos = Math.max(runNanos, serviceTimes.estimateNanos(maxRows));
    load.starts(step, rows, waiting.enqueuedNanos(0), nowNanos, runNanos);
  }

  /// Whether the limit forbids `rows` more beside `waitingRows`. One request is always allowed.
  boolean exceedsLimit(int rows, int waitingRows) {
    AdaptiveLimit current = limit;
    int inFlight = waitingRows + load.runningRows();
    return current != null && inFlight > 0 && rows > current.rows() - inFlight;
  }

  /// Rows that may wait and run, or 0 without a limit.
  int limitRows() {
    AdaptiveLimit current = limit;
    return current == null ? 0 : current.rows();
  }

  /// The refusal of a request that cannot be answered by `deadlineNanos`, or null.
  ///
  /// @param rowsBefore rows that are served before it
  @Nullable Admission unreachable(
      int rows, Object key, long deadlineNanos, long rowsBefore, long nowNanos) {
    long leftNanos = deadlineNanos - nowNanos;
    long roundsBefore = rowsBefore / maxRows / load.instances();
    boolean ample = fullRunNanos > 0 && leftNanos > AMPLE * (roundsBefore + 2) * fullRunNanos;
    if (ample || !serviceTimes.isLearned()) {
      return null;
    }
    int inBatch = (int) Math.min(maxRows, rowsBefore % maxRows + rows);
    long neededNanos =
        load.nanosUntilFree(nowNanos)
            + roundsBefore * serviceTimes.estimateNanos(key, maxRows)
            + serviceTimes.estimateNanos(key, inBatch);
    long safeNanos = neededNanos + neededNanos / SAFETY_SHARE + WAY_BACK_NANOS;
    if (safeNanos <= leftNanos || mayProbe(nowNanos)) {
      return null;
    }
    return new Refused(Reason.DEADLINE_UNREACHABLE, neededNanos);
  }

  /// The refusal of a request for which there is no room, with the time until half of what waits
  /// has run. Half, because all who were refused come back together.
  Admission busy(Reason reason, int waitingRows, long nowNanos) {
    return new Refused(reason, roomNanos(waitingRows, nowNanos));
  }

  private long roomNanos(int waitingRows, long nowNanos) {
    long runNanos = serviceTimes.estimateNanos(maxRows);
    if (runNanos == 0) {
      return UNKNOWN_ROOM_NANOS;
    }
    double rounds = waitingRows / 2.0 / maxRows / load.instances();
    double nanos = load.nanosUntilFree(nowNanos) + rounds * runNanos;
    return Math.round(Math.clamp(nanos, (double) LEAST_ROOM_NANOS, (double) MOST_ROOM_NANOS));
  }

  private boolean mayProbe(long nowNanos) {
    if (probed && nowNanos - probedNanos < PROBE_NANOS) {
      return false;
    }
    probed = true;
    probedNanos = nowNanos;
    return true;
  }
}
