package io.javelin.batching;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/// What a run of one model version costs, by rows and by batch key, learned while it serves.
///
/// Thread-safe without locks: instance threads record, event loops ask. Neither allocates, except
/// for the first run of a new key. Times are nanoseconds. See `RunTimeCurve` for how a disturbed
/// run is kept from poisoning the estimate, and how it follows a model that has changed its speed.
///
/// At most [#MAX_KEYS] keys have a curve of their own. Every run also teaches the curve of all
/// keys, which answers for the rest. A key or a number of rows that did not run for [#EPOCH_RUNS]
/// runs is forgotten.
public final class ServiceTimeModel {
  /// Most batch keys that are told apart.
  public static final int MAX_KEYS = 64;

  /// Runs after which what did not run since the last epoch is forgotten.
  public static final int EPOCH_RUNS = 4096;

  /// Runs before [#isLearned] says yes.
  public static final int LEARNED_RUNS = 8;

  private final RunTimeCurve all = new RunTimeCurve();
  private final ConcurrentHashMap<Object, RunTimeCurve> byKey = new ConcurrentHashMap<>();
  private final AtomicInteger runs = new AtomicInteger();

  /// Learns that a run of `rows` rows whose requests have `batchKey` took `nanos`. Nonsense (no
  /// rows, no time) is ignored.
  public void record(Object batchKey, int rows, long nanos) {
    if (rows < 1 || nanos < 1) {
      return;
    }
    all.record(rows, nanos);
    RunTimeCurve own = byKey.get(batchKey);
    if (own == null && byKey.size() < MAX_KEYS) {
      own = byKey.computeIfAbsent(batchKey, key -> new RunTimeCurve());
    }
    if (own != null) {
      own.record(rows, nanos);
    }
    // The count starts over at LEARNED_RUNS, so that it cannot overflow and stays learned.
    int count = runs.incrementAndGet();
    if (count >= EPOCH_RUNS + LEARNED_RUNS && runs.compareAndSet(count, LEARNED_RUNS)) {
      startEpoch();
    }
  }

  /// What a run of `rows` rows with `batchKey` will take, or 0 while nothing is known.
  public long estimateNanos(Object batchKey, int rows) {
    RunTimeCurve own = byKey.get(batchKey);
    return own != null && own.knows() ? own.estimateNanos(rows) : all.estimateNanos(rows);
  }

  /// What a run of `rows` rows will take over all keys, or 0 while nothing is known.
  public long estimateNanos(int rows) {
    return all.estimateNanos(rows);
  }

  /// Whether enough runs were seen to refuse a request because of an estimate.
  public boolean isLearned() {
    return runs.get() >= LEARNED_RUNS;
  }

  private void startEpoch() {
    all.forgetUntouched();
    byKey.values().forEach(RunTimeCurve::forgetUntouched);
    byKey.values().removeIf(curve -> !curve.knows());
  }
}
