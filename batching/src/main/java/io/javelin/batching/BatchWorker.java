package io.javelin.batching;

import io.javelin.batching.BatchStep.Next;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;

/// A platform thread that only calls the step of one engine instance, and sleeps in between.
///
/// It never spins: on two cores a spinning thread takes the core of the event loop that would bring
/// it work. It is woken only while the queue holds it for idle, because an `unpark` costs the waker
/// as much as a request.
final class BatchWorker<T extends BatchItem> {
  /// How long a worker rests after a step failed in a way that no contract allows, so that a
  /// request that always fails cannot take a core.
  private static final long FAILED_STEP_REST_NANOS = 10_000_000;

  private final BatchLoop<T> loop;
  private final LongSupplier nanoClock;
  private final Thread thread;

  /// Whether there was a call since the worker last went to look. Without it, foreign code that
  /// parks on this thread could use up the permit of an `unpark`, and the call would be lost.
  private volatile boolean called;

  BatchWorker(
      String threadName,
      BatchQueue<T> queue,
      BatchRunner<T> runner,
      BatchListener<T> listener,
      LongSupplier nanoClock) {
    this.nanoClock = nanoClock;
    loop = new BatchLoop<>(queue, runner, listener, step -> call());
    thread = Thread.ofPlatform().name(threadName).daemon(false).unstarted(this::work);
  }

  void start() {
    thread.start();
  }

  boolean isCurrentThread() {
    return thread.equals(Thread.currentThread());
  }

  /// Waits until the thread has ended, which needs a drained queue. An interrupt of the caller is
  /// kept for later: half a close would leak an engine instance.
  void join() {
    boolean interrupted = false;
    while (true) {
      try {
        thread.join();
        break;
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void call() {
    called = true;
    LockSupport.unpark(thread);
  }

  private void work() {
    boolean open = true;
    while (open) {
      // Before the look into the queue: a call that comes later is seen by `rest`.
      called = false;
      Next next = step();
      switch (next) {
        case Next.WorkDone() -> {}
        case Next.WaitUntil(long untilNanos) -> restUntil(untilNanos);
        case Next.Idle() -> rest();
        case Next.Drained() -> open = false;
      }
    }
  }

  private Next step() {
    try {
      return loop.doWork(nanoClock.getAsLong());
    } catch (Throwable failure) {
      BatchLoop.report(failure);
      LockSupport.parkNanos(this, FAILED_STEP_REST_NANOS);
      return Next.WORK_DONE;
    }
  }

  private void rest() {
    while (!called) {
      LockSupport.park(this);
      forgetInterrupt();
    }
  }

  private void restUntil(long untilNanos) {
    long leftNanos = untilNanos - nanoClock.getAsLong();
    while (!called && leftNanos > 0) {
      LockSupport.parkNanos(this, leftNanos);
      forgetInterrupt();
      leftNanos = untilNanos - nanoClock.getAsLong();
    }
  }

  /// An interrupt is not how a worker is stopped, and one that stays set would turn every park into
  /// a busy loop.
  private static void forgetInterrupt() {
    Thread.interrupted();
  }
}
