package io.javelin.batching;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.javelin.batching.Admission.Reason;
import io.javelin.batching.BatchFormer.Decision;
import io.javelin.batching.BatchStep.Next;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The waiting requests of one batcher, bounded by rows. Thread-safe.
///
/// A thin locked shell around [ItemRing], [Backlog], [BatchFormer], [AdmissionControl] and
/// [IdleSteps]. Checking the bounds and adding is one step under the lock; so is finding nothing
/// and becoming idle. Without priorities and tenants there is no backlog: the ring is the queue,
/// first in, first out. With them the ring holds the next batch, in the order that the backlog
/// gave.
///
/// Lock order: `lock` is the only lock of this package. While it is held, the only foreign code
/// that runs is the methods of [BatchItem], and `equals` and `hashCode` of batch keys and tenants.
/// Listeners, runners and wake-ups are called after it is left. It is never held during a run, so
/// an event loop may take it.
final class BatchQueue<T extends BatchItem> {
  private final Object lock = new Object();

  @GuardedBy("lock")
  private final ItemRing<T> ring = new ItemRing<>();

  @GuardedBy("lock")
  private final IdleSteps idle = new IdleSteps();

  @GuardedBy("lock")
  private final AdmissionControl control;

  private final ServiceTimeModel serviceTimes;

  @GuardedBy("lock")
  private BatchFormer former;

  /// Null while the ring is the whole queue.
  @GuardedBy("lock")
  private @Nullable Backlog<T> backlog;

  @GuardedBy("lock")
  private int maxQueueRows;

  @GuardedBy("lock")
  private boolean draining;

  BatchQueue(BatchingConfig config) {
    this(config, new ServiceTimeModel());
  }

  /// @param serviceTimes what runs will take, as far as it is known
  BatchQueue(BatchingConfig config, ServiceTimeModel serviceTimes) {
    this.serviceTimes = serviceTimes;
    control = new AdmissionControl(serviceTimes, config);
    former = new BatchFormer(config, serviceTimes);
    maxQueueRows = config.maxQueueRows();
    QueueingConfig queueing = config.queueing();
    backlog = queueing.needsBacklog() ? new Backlog<>(queueing) : null;
  }

  ServiceTimeModel serviceTimes() {
    return serviceTimes;
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
      Admission refused = refusal(item, rows, key, nowNanos);
      if (refused != null) {
        return refused;
      }
      Backlog<T> behind = backlog;
      if (behind == null) {
        ring.add(item, rows, key, deadlineNanos, nowNanos);
        woken = stepForNewest();
      } else {
        behind.add(item, rows, key, deadlineNanos, nowNanos);
        woken = idle.signalOne();
      }
    }
    wake(woken);
    return Admission.ADMITTED;
  }

  /// Takes `item` out; true when it was still waiting, and is the caller's again.
  boolean remove(T item) {
    synchronized (lock) {
      Backlog<T> behind = backlog;
      return ring.remove(item) || (behind != null && behind.remove(item));
    }
  }

  /// Fills `taken` (which must be empty) for `step`: with dead requests, and with the batch that
  /// may be run now. Unless there is something to do, `step` is idle when this returns, and is
  /// woken when that changes.
  Next take(Wakeable step, TakenWork<T> taken, long nowNanos) {
    Wakeable woken;
    synchronized (lock) {
      idle.looks(step);
      control.looks(step, waitingRows(), nowNanos);
      ring.moveDeadOldest(nowNanos, former.maxRows(), taken);
      Backlog<T> behind = backlog;
      if (behind != null) {
        behind.refill(ring, former.maxRows(), nowNanos, taken);
      }
      if (ring.size() == 0) {
        return nothingWaits(step, taken);
      }
      switch (former.decide(ring, nowNanos, draining)) {
        case Decision.Wait(long untilNanos) -> {
          return waits(step, taken, untilNanos);
        }
        case Decision.Close(int items, CloseCause cause) -> {
          close(step, taken.batch, items, nowNanos);
          taken.batch.close(cause, nowNanos);
        }
      }
      // This step is about to be busy; somebody must look after what it leaves behind.
      woken = waitingRows() > 0 ? idle.signalOne() : null;
    }
    wake(woken);
    return Next.WORK_DONE;
  }

  /// Takes effect for the next request offered and the next batch formed.
  void reconfigure(BatchingConfig config, long nowNanos) {
    BatchFormer newFormer = new BatchFormer(config, serviceTimes);
    Wakeable woken;
    synchronized (lock) {
      former = newFormer;
      maxQueueRows = config.maxQueueRows();
      control.reconfigure(config);
      replaceBacklog(config.queueing(), nowNanos);
      woken = waitingRows() > 0 ? idle.signalOne() : null;
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
      return waitingRows();
    }
  }

  /// Rows that wait at priority level `level`, from 1 on, without those whose batch is next.
  int rows(int level) {
    synchronized (lock) {
      Backlog<T> behind = backlog;
      if (behind == null) {
        return level == 1 ? ring.totalRows() : 0;
      }
      return level <= behind.config().levels().size() ? behind.rows(level - 1) : 0;
    }
  }

  int size() {
    synchronized (lock) {
      Backlog<T> behind = backlog;
      return ring.size() + (behind == null ? 0 : behind.size());
    }
  }

  /// Rows that may wait and run by the adaptive limit, or 0 without one.
  int limitRows() {
    synchronized (lock) {
      return control.limitRows();
    }
  }

  @GuardedBy("lock")
  private int waitingRows() {
    Backlog<T> behind = backlog;
    return ring.totalRows() + (behind == null ? 0 : behind.rows());
  }

  @GuardedBy("lock")
  private @Nullable Admission refusal(T item, int rows, Object key, long nowNanos) {
    int waiting = waitingRows();
    Backlog<T> behind = backlog;
    if (behind != null && behind.exceedsShare(item, rows, nowNanos)) {
      return control.busy(Reason.TENANT_SHARE, waiting, nowNanos);
    }
    // Not `waiting + rows > maxQueueRows`, which could overflow.
    if (rows > maxQueueRows - waiting || (behind != null && behind.isFull(item, rows))) {
      return control.busy(Reason.QUEUE_FULL, waiting, nowNanos);
    }
    if (control.exceedsLimit(rows, waiting)) {
      return control.busy(Reason.LIMIT, waiting, nowNanos);
    }
    long answerByNanos = item.answerByNanos();
    if (answerByNanos == BatchItem.NO_DEADLINE) {
      return null;
    }
    long before = behind == null ? waiting : ring.totalRows() + behind.rowsBefore(item);
    return control.unreachable(rows, key, answerByNanos, before, nowNanos);
  }

  @GuardedBy("lock")
  private void close(Wakeable step, ClosedBatch<T> batch, int items, long nowNanos) {
    int rows = 0;
    for (int i = 0; i < items; i++) {
      rows += ring.rows(i);
    }
    control.starts(step, ring, rows, nowNanos);
    ring.moveOldest(items, batch);
  }

  /// What waits goes to the ring, in the order in which it would have been served.
  @GuardedBy("lock")
  private void replaceBacklog(QueueingConfig queueing, long nowNanos) {
    Backlog<T> behind = backlog;
    if (behind != null && behind.config().equals(queueing)) {
      return;
    }
    if (behind != null) {
      behind.pourInto(ring, nowNanos);
    }
    backlog = queueing.needsBacklog() ? new Backlog<>(queueing) : null;
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
