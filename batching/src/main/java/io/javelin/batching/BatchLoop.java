package io.javelin.batching;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The step of one engine instance. It owns no thread and reads no clock: whoever calls [#doWork]
/// brings both. Everything it needs per batch is reused.
final class BatchLoop<T extends BatchItem> implements BatchStep, Wakeable {
  private final BatchQueue<T> queue;
  private final BatchRunner<T> runner;
  private final BatchListener<T> listener;
  private final Consumer<? super BatchStep> waker;
  private final TakenWork<T> taken = new TakenWork<>();
  private final AtomicBoolean inStep = new AtomicBoolean();

  /// What the last call of the step ran, until the next call tells how long it took.
  private @Nullable Object ranKey;

  private int ranRows;
  private long ranSinceNanos;

  /// @param waker told, on any thread, that this idle step should be called again
  BatchLoop(
      BatchQueue<T> queue,
      BatchRunner<T> runner,
      BatchListener<T> listener,
      Consumer<? super BatchStep> waker) {
    this.queue = queue;
    this.runner = runner;
    this.listener = listener;
    this.waker = waker;
  }

  @Override
  public Next doWork(long nowNanos) {
    if (!inStep.compareAndSet(false, true)) {
      throw new IllegalStateException("this batch step is being called already");
    }
    try {
      learn(nowNanos);
      Next next = take(nowNanos);
      if (taken.batch.size() > 0) {
        tellClosed();
        runBatch();
      }
      return next;
    } finally {
      taken.clear();
      inStep.set(false);
    }
  }

  @Override
  public void pause(long nowNanos) {
    learn(nowNanos);
  }

  @Override
  public void wake() {
    try {
      waker.accept(this);
    } catch (Throwable failure) {
      // The submitter must not take this for a refusal: its request is in the queue.
      report(failure);
    }
  }

  /// The step is called again as soon as a run has ended, so no clock is read for this.
  private void learn(long nowNanos) {
    Object key = ranKey;
    if (key != null) {
      ranKey = null;
      queue.serviceTimes().record(key, ranRows, nowNanos - ranSinceNanos);
    }
  }

  private Next take(long nowNanos) {
    try {
      return queue.take(this, taken, nowNanos);
    } finally {
      // Even if taking failed half-way: what has left the queue is answered.
      for (int i = 0; i < taken.droppedCount(); i++) {
        tellDropped(i);
      }
    }
  }

  private void tellDropped(int index) {
    try {
      listener.onDropped(taken.dropped(index), taken.reason(index));
    } catch (Throwable failure) {
      report(failure);
    }
  }

  private void tellClosed() {
    try {
      listener.onBatchClosed(taken.batch);
    } catch (Throwable failure) {
      report(failure);
    }
  }

  private void runBatch() {
    ranRows = taken.batch.rows();
    ranSinceNanos = taken.batch.closedNanos();
    Object key = taken.batch.get(0).batchKey();
    try {
      runner.run(taken.batch);
      ranKey = key;
    } catch (Throwable failure) {
      tellFailed(failure);
    }
  }

  private void tellFailed(Throwable runFailure) {
    try {
      listener.onRunFailed(taken.batch, runFailure);
    } catch (Throwable failure) {
      report(failure);
    }
  }

  /// Makes a broken promise of foreign code visible without letting it stop the batcher, and
  /// without a logging library: the thread's uncaught-exception handler is the place where the
  /// application already looks.
  static void report(Throwable failure) {
    Thread thread = Thread.currentThread();
    try {
      thread.getUncaughtExceptionHandler().uncaughtException(thread, failure);
    } catch (Throwable ignored) {
      // As the JVM does for a handler that throws.
    }
  }
}
