package io.javelin.batching;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Decides when the oldest waiting requests become a batch. Pure: no clock, no lock, no thread.
///
/// The caller passes the time, so a test is a table of numbers. All times are monotonic nanoseconds
/// and are compared by difference, because `nanoTime` may wrap.
///
/// The *candidates* are the longest run of requests from the oldest on that share its key and fit
/// the maximum of rows together. Arrival order is never changed: a request that does not fit, or
/// that has another key, ends the run, and the batch is closed, because waiting cannot improve it.
/// Otherwise an idle instance runs the candidates at once, unless a delay is configured. Then the
/// batch closes at the largest preferred size that a prefix of the candidates reaches exactly, or
/// when the oldest has waited its share, or when the first deadline among the candidates leaves
/// just the time that a full batch is known to run, and a margin.
final class BatchFormer {
  /// How much longer than the run the time to a candidate's deadline must be. A parked thread wakes
  /// some 65 us late on an idle machine and later on a busy one; closing exactly at the deadline
  /// would find the request expired.
  static final long DEADLINE_MARGIN_NANOS = 500_000;

  /// What happens to the waiting requests.
  sealed interface Decision {
    /// Run the oldest `items` requests now.
    record Close(int items, CloseCause cause) implements Decision {}

    /// Nothing to do before `untilNanos`, unless a request arrives.
    record Wait(long untilNanos) implements Decision {}
  }

  private static final long NO_HURRY = Long.MAX_VALUE;

  private final int maxRows;
  private final long maxCost;
  private final long delayNanos;
  private final int[] preferredRows;
  private final ServiceTimeModel serviceTimes;
  private final EfficientRows efficient;

  BatchFormer(BatchingConfig config) {
    this(config, new ServiceTimeModel());
  }

  /// @param serviceTimes what a run will take, for batches that have a deadline to keep
  BatchFormer(BatchingConfig config, ServiceTimeModel serviceTimes) {
    this.serviceTimes = serviceTimes;
    maxRows = config.maxBatchRows();
    efficient = new EfficientRows(serviceTimes, maxRows);
    BatchingConfig.CostBound bound = config.costBound();
    maxCost = bound == null ? Long.MAX_VALUE : bound.maxCost();
    delayNanos = config.maxQueueDelayNanos();
    preferredRows = config.preferredRows().stream().mapToInt(Integer::intValue).toArray();
  }

  /// Decides for a queue of at least one request, none of them expired. A request that is alone
  /// larger than the maximum was admitted before a reconfiguration: it runs alone.
  Decision decide(WaitingItems waiting, long nowNanos, boolean draining) {
    CloseCause limit = null;
    int enoughRows = efficient.rows();
    int items = 0;
    int rows = 0;
    long cost = 0;
    int preferredItems = 0;
    long slackNanos = NO_HURRY;
    long fullRunNanos = serviceTimes.estimateNanos(waiting.batchKey(0), maxRows);
    while (items < waiting.size() && limit == null) {
      limit = limitBefore(waiting, items, enoughRows - rows, maxCost - cost);
      slackNanos = Math.min(slackNanos, slackNanos(waiting, items, nowNanos, fullRunNanos));
      if (limit == null
          && items > 0
          && takesTooLong(waiting, rows + waiting.rows(items), slackNanos)) {
        limit = CloseCause.DEADLINE;
      }
      if (limit == null) {
        rows += waiting.rows(items);
        cost += waiting.cost(items);
        items++;
        preferredItems = isPreferred(rows) ? items : preferredItems;
      }
    }
    if (draining) {
      return new Decision.Close(items, CloseCause.DRAIN);
    }
    if (rows >= enoughRows || cost >= maxCost) {
      return new Decision.Close(items, CloseCause.FULL);
    }
    if (limit != null) {
      return new Decision.Close(items, limit);
    }
    if (delayNanos == 0) {
      return new Decision.Close(items, CloseCause.IDLE);
    }
    if (preferredItems > 0) {
      return new Decision.Close(preferredItems, CloseCause.PREFERRED);
    }
    return waitOrClose(waiting, items, nowNanos);
  }

  /// How long a run may take for the request at `index` to keep its deadline, or [#NO_HURRY] when
  /// any run is short enough, and when even a run of its own is too long: what is lost already must
  /// not make the batches small for all.
  private long slackNanos(WaitingItems waiting, int index, long nowNanos, long fullRunNanos) {
    long deadlineNanos = waiting.deadlineNanos(index);
    if (deadlineNanos == BatchItem.NO_DEADLINE) {
      return NO_HURRY;
    }
    long leftNanos = deadlineNanos - nowNanos - DEADLINE_MARGIN_NANOS;
    if (leftNanos >= fullRunNanos) {
      return NO_HURRY;
    }
    long aloneNanos = serviceTimes.estimateNanos(waiting.batchKey(0), waiting.rows(index));
    return leftNanos >= aloneNanos ? leftNanos : NO_HURRY;
  }

  private boolean takesTooLong(WaitingItems waiting, int rows, long slackNanos) {
    return slackNanos != NO_HURRY
        && serviceTimes.estimateNanos(waiting.batchKey(0), rows) > slackNanos;
  }

  private Decision waitOrClose(WaitingItems waiting, int items, long nowNanos) {
    long delayedNanos = waiting.enqueuedNanos(0) + delayNanos;
    long closeAtNanos = delayedNanos;
    for (int i = 0; i < items; i++) {
      delayedNanos = earlier(delayedNanos, waiting.enqueuedNanos(i) + delayNanos);
      closeAtNanos = earlier(closeAtNanos, closeAtNanos(waiting, i));
    }
    if (nowNanos - closeAtNanos < 0) {
      return new Decision.Wait(closeAtNanos);
    }
    boolean delayed = nowNanos - delayedNanos >= 0;
    return new Decision.Close(items, delayed ? CloseCause.DELAY : CloseCause.DEADLINE);
  }

  /// Whether the newest request may bring forward the close for which a step waits until
  /// `watchedUntilNanos`. May say yes in vain, because dead requests are still counted; never says
  /// no wrongly. Constant time: it runs on every submit.
  boolean newestMayClose(WaitingItems waiting, int queuedRows, long watchedUntilNanos) {
    int newest = waiting.size() - 1;
    int enoughRows = preferredRows.length > 0 ? preferredRows[0] : efficient.rows();
    return delayNanos == 0
        || maxCost != Long.MAX_VALUE
        || queuedRows >= enoughRows
        || !sharesOldestKey(waiting, newest)
        || closeAtNanos(waiting, newest) - watchedUntilNanos < 0;
  }

  int maxRows() {
    return maxRows;
  }

  /// Why the request at `index` cannot join those before it, which leave room for `rows` and
  /// `cost`; null when it can.
  private static @Nullable CloseCause limitBefore(
      WaitingItems waiting, int index, int rows, long cost) {
    if (index == 0) {
      return null;
    }
    if (!sharesOldestKey(waiting, index)) {
      return CloseCause.KEY;
    }
    boolean fits = waiting.rows(index) <= rows && waiting.cost(index) <= cost;
    return fits ? null : CloseCause.FULL;
  }

  private static boolean sharesOldestKey(WaitingItems waiting, int index) {
    return waiting.batchKey(index).equals(waiting.batchKey(0));
  }

  private boolean isPreferred(int rows) {
    return Arrays.binarySearch(preferredRows, rows) >= 0;
  }

  private long closeAtNanos(WaitingItems waiting, int index) {
    long closeAtNanos = waiting.enqueuedNanos(index) + delayNanos;
    long deadlineNanos = waiting.deadlineNanos(index);
    if (deadlineNanos == BatchItem.NO_DEADLINE) {
      return closeAtNanos;
    }
    // Of a full batch, as this one may still grow: a close that is due never moves to the past.
    long runNanos = serviceTimes.estimateNanos(waiting.batchKey(index), maxRows);
    return earlier(closeAtNanos, deadlineNanos - runNanos - DEADLINE_MARGIN_NANOS);
  }

  private static long earlier(long oneNanos, long otherNanos) {
    return oneNanos - otherNanos <= 0 ? oneNanos : otherNanos;
  }
}
