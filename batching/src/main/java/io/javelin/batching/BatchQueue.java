package io.javelin.batching;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.javelin.batching.BatchFormer.Decision;
import io.javelin.batching.BatchStep.Next;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The waiting requests of one batcher: first in, first out, bounded by rows. Thread-safe.
///
/// A thin locked shell around [ItemRing], [BatchFormer] and [IdleSteps]. Checking the bound and
/// adding is one step under the lock; so is finding nothing and becoming idle.
///
/// Lock order: `lock` is the only lock of this package. While it is held, the only foreign code
/// that runs is [BatchItem#isCancelled()] and `equals` of a batch key. Listeners, runners and
/// wake-ups are called after it is left. It is never held during a run, so an event loop may take
/// it.
final class BatchQueue<T extends BatchItem> {
  private final Object lock = new Object();

  @GuardedBy("lock")
  private final ItemRing<T> ring = new ItemRing<>();

  @GuardedBy("lock")
  private final IdleSteps idle = new IdleSteps();

  @GuardedBy("lock")
  private BatchFormer former;

  @GuardedBy("lock")
  private int maxQueueRows;

  @GuardedBy("lock")
  private boolean draining;

  BatchQueue(BatchingConfig config) {
    former = new BatchFormer(config);
    maxQueueRows = config.maxQueueRows();
  }

  /// Adds `item`, or says why not. Wakes at most one idle step.
  Admission offer(T item, long nowNanos) {
    int rows = item.rows();
    if (rows < 1) {
      throw new IllegalArgumentException("rows = " + rows + ", expected at least 1");
    }
    long deadlineNanos = item.deadlineNanos();
    Object key = item.batchKey();
    Wakeable woken;
    synchronized (lock) {
      if (draining) {
        return Admission.CLOSED;
      }
      if (rows > former.maxRows()) {
        return Admission.TOO_MANY_ROWS;
      }
      if (ItemRing.isExpired(deadlineNanos, nowNanos)) {
        return Admission.DEADLINE_PASSED;
      }
      // Not `totalRows + rows > maxQueueRows`, which could overflow.
      if (rows > maxQueueRows - ring.totalRows()) {
        return Admission.QUEUE_FULL;
      }
      ring.add(item, rows, key, deadlineNanos, nowNanos);
      woken = stepForNewest();
    }
    wake(woken);
    return Admission.ADMITTED;
  }

  /// Takes `item` out; true when it was still waiting, and is the caller's again.
  boolean remove(T item) {
    synchronized (lock) {
      return ring.remove(item);
    }
  }

  /// Fills `taken` (which must be empty) for `step`: with dead requests, and with the batch that
  /// may be run now. Unless there is something to do, `step` is idle when this returns, and is
  /// woken when that changes.
  Next take(Wakeable step, TakenWork<T> taken, long nowNanos) {
    Wakeable woken;
    synchronized (lock) {
      idle.looks(step);
      ring.moveDeadOldest(nowNanos, former.maxRows(), taken);
      if (ring.size() == 0) {
        return nothingWaits(step, taken);
      }
      switch (former.decide(ring, nowNanos, draining)) {
        case Decision.Wait(long untilNanos) -> {
          return waits(step, taken, untilNanos);
        }
        case Decision.Close(int items, CloseCause cause) -> {
          ring.moveOldest(items, taken.batch);
          taken.batch.close(cause, nowNanos);
        }
      }
      // This step is about to be busy; somebody must look after what it leaves behind.
      woken = ring.size() > 0 ? idle.signalOne() : null;
    }
    wake(woken);
    return Next.WORK_DONE;
  }

  /// Takes effect for the next request offered and the next batch formed.
  void reconfigure(BatchingConfig config) {
    BatchFormer newFormer = new BatchFormer(config);
    Wakeable woken;
    synchronized (lock) {
      former = newFormer;
      maxQueueRows = config.maxQueueRows();
      woken = ring.size() > 0 ? idle.signalOne() : null;
    }
    wake(woken);
  }

  /// From now on nothing is admitted, and what waits is run without delay.
  void drain() {
    List<Wakeable> woken;
    synchronized (lock) {
      draining = true;
      woken = idle.signalAll();
    }
    woken.forEach(Wakeable::wake);
  }

  int rows() {
    synchronized (lock) {
      return ring.totalRows();
    }
  }

  int size() {
    synchronized (lock) {
      return ring.size();
    }
  }

  @GuardedBy("lock")
  private @Nullable Wakeable stepForNewest() {
    boolean watchedAnyway =
        idle.hasWatcher()
            && !former.newestMayClose(ring, ring.totalRows(), idle.watchedUntilNanos());
    return watchedAnyway ? null : idle.signalOne();
  }

  @GuardedBy("lock")
  private Next nothingWaits(Wakeable step, TakenWork<T> taken) {
    if (taken.droppedCount() > 0) {
      return Next.WORK_DONE;
    }
    if (draining) {
      return Next.DRAINED;
    }
    idle.rests(step);
    return Next.IDLE;
  }

  @GuardedBy("lock")
  private Next waits(Wakeable step, TakenWork<T> taken, long untilNanos) {
    if (taken.droppedCount() > 0) {
      return Next.WORK_DONE;
    }
    return idle.watches(step, untilNanos) ? new Next.WaitUntil(untilNanos) : Next.IDLE;
  }

  private static void wake(@Nullable Wakeable woken) {
    if (woken != null) {
      woken.wake();
    }
  }
}
