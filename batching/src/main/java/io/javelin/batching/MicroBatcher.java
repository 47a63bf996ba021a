package io.javelin.batching;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/// Coalesces requests of one model version into micro-batches for its engine instances.
///
/// Requests wait in one bounded queue, first in, first out unless [QueueingConfig] has levels or
/// tenants. Each runner has a step ([BatchStep]) that takes the oldest requests that fit together
/// and runs them. By default each step has its own thread; [#stepped] leaves the threads to the
/// caller.
///
/// Every admitted request is handed over exactly once: to a runner (and, if that throws, to
/// [BatchListener#onRunFailed]), to [BatchListener#onDropped], or back to its caller by [#cancel].
///
/// All methods may be called by any thread and never wait for a run, except [#close].
///
/// @param <T> request type
public final class MicroBatcher<T extends BatchItem> implements AutoCloseable {
  private final BatchQueue<T> queue;
  private final LongSupplier nanoClock;

  /// Empty when the caller brings the threads.
  private final List<BatchWorker<T>> workers;

  /// Empty when the batcher has its own threads.
  private final List<BatchLoop<T>> loops;

  /// A batcher with one thread per runner, started at once.
  ///
  /// @param name of the model and version: threads are named `batch-<name>-<i>`
  /// @param runners one per engine instance, at least one
  /// @param nanoClock monotonic nanoseconds; also the clock of the requests' deadlines
  public MicroBatcher(
      String name,
      BatchingConfig config,
      List<? extends BatchRunner<T>> runners,
      BatchListener<T> listener,
      LongSupplier nanoClock) {
    this(new BatchQueue<>(config), nanoClock, new ArrayList<>(), List.of());
    requireRunners(runners);
    for (int i = 0; i < runners.size(); i++) {
      String threadName = "batch-" + name + "-" + i;
      workers.add(new BatchWorker<>(threadName, queue, runners.get(i), listener, nanoClock));
    }
    startAll();
  }

  private MicroBatcher(
      BatchQueue<T> queue,
      LongSupplier nanoClock,
      List<BatchWorker<T>> workers,
      List<BatchLoop<T>> loops) {
    this.queue = queue;
    this.nanoClock = nanoClock;
    this.workers = workers;
    this.loops = loops;
  }

  /// A batcher without threads, for an event loop or a test: the caller calls the [#steps].
  ///
  /// @param runners one per engine instance, at least one
  /// @param nanoClock monotonic nanoseconds; also the clock of the requests' deadlines
  /// @param waker told that an idle step should be called again, on the thread that submits,
  ///   reconfigures or closes, or that calls another step; at most once until that step is called.
  ///   An event loop passes something like `step -> eventLoop.execute(...)`; must not call the step
  ///   itself when several threads submit
  public static <T extends BatchItem> MicroBatcher<T> stepped(
      BatchingConfig config,
      List<? extends BatchRunner<T>> runners,
      BatchListener<T> listener,
      LongSupplier nanoClock,
      Consumer<? super BatchStep> waker) {
    requireRunners(runners);
    BatchQueue<T> queue = new BatchQueue<>(config);
    List<BatchLoop<T>> loops = new ArrayList<>();
    for (BatchRunner<T> runner : runners) {
      loops.add(new BatchLoop<>(queue, runner, listener, waker));
    }
    // The queue is empty: this only makes the steps known as idle, so that they can be woken.
    loops.forEach(loop -> loop.doWork(nanoClock.getAsLong()));
    return new MicroBatcher<>(queue, nanoClock, List.of(), List.copyOf(loops));
  }

  /// The steps of a [#stepped] batcher, one per runner and in the same order; empty when the
  /// batcher has its own threads.
  public List<? extends BatchStep> steps() {
    return loops;
  }

  /// Queues `item`, or refuses it at once. Never blocks for a run.
  ///
  /// @throws IllegalArgumentException if the request has no rows
  public Admission submit(T item) {
    return queue.offer(item, nanoClock.getAsLong());
  }

  /// Takes `item` out of the queue and frees its rows at once. True: it was still waiting, nobody
  /// else will answer it, it is the caller's again. False: it was handed over already, or never
  /// admitted. Costs time in proportion to the requests that wait before it.
  public boolean cancel(T item) {
    return queue.remove(item);
  }

  /// Applies `config` to everything that follows: the next admission and the next batch. Running
  /// batches end as they began. What waits already stays, even where it exceeds the new bounds: the
  /// queue admits nothing until it is below them, and a request that alone is larger than a batch
  /// may be now runs alone.
  public void reconfigure(BatchingConfig config) {
    queue.reconfigure(config, nanoClock.getAsLong());
  }

  /// Rows that wait now, without those being run.
  public int queuedRows() {
    return queue.rows();
  }

  /// Rows of priority level `level` (1 is served first) that wait now, without the batch that is
  /// next.
  public int queuedRows(int level) {
    return queue.rows(level);
  }

  /// Rows that may wait and run by the adaptive limit now, or 0 without one.
  public int limitRows() {
    return queue.limitRows();
  }

  /// What runs take, learned from the runs of this batcher.
  public ServiceTimeModel serviceTimes() {
    return queue.serviceTimes();
  }

  /// Requests that wait now, without those being run.
  public int queuedItems() {
    return queue.size();
  }

  /// Refuses new work, runs what was admitted (cause [CloseCause#DRAIN]), then stops the threads
  /// and waits for them: for as long as the runners take. Calling it again changes nothing.
  ///
  /// The steps of a [#stepped] batcher are called on this thread until they are drained; nobody
  /// else may be inside them.
  ///
  /// @throws IllegalStateException if called by a runner or a listener, which it would wait for
  @Override
  public void close() {
    if (workers.stream().anyMatch(BatchWorker::isCurrentThread)) {
      throw new IllegalStateException("a batcher cannot be closed by its own worker");
    }
    queue.drain();
    for (BatchLoop<T> loop : loops) {
      while (!(loop.doWork(nanoClock.getAsLong()) instanceof BatchStep.Next.Drained)) {
        // Each call runs one batch or drops something, so this ends.
      }
    }
    workers.forEach(BatchWorker::join);
  }

  private void startAll() {
    int started = 0;
    try {
      for (BatchWorker<T> worker : workers) {
        worker.start();
        started++;
      }
    } finally {
      if (started < workers.size()) {
        queue.drain();
        workers.subList(0, started).forEach(BatchWorker::join);
      }
    }
  }

  private static void requireRunners(List<?> runners) {
    if (runners.isEmpty()) {
      throw new IllegalArgumentException("runners = [], expected at least one");
    }
  }
}
