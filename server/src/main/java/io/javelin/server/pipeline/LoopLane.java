package io.javelin.server.pipeline;

import io.javelin.batching.Admission;
import io.javelin.batching.BatchListener;
import io.javelin.batching.BatchStep;
import io.javelin.batching.BatchStep.Next;
import io.javelin.batching.BatchingConfig;
import io.javelin.batching.MicroBatcher;
import io.javelin.loader.engine.EngineInstance;
import io.javelin.server.pipeline.EngineBatchRunner.RunContext;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// Runs batches on the event loops that have read their requests: one instance and one queue per
/// loop, so loops share nothing. The requests of one read burst gather by themselves, because the
/// batch step comes after the burst.
///
/// Instances are used by their loop only; everything else may be called by any thread.
final class LoopLane implements AutoCloseable {
  private final RequestLoops loops;
  private final List<EngineInstance> instances;
  private final List<Station> stations = new ArrayList<>();

  private LoopLane(RequestLoops loops, List<EngineInstance> instances) {
    this.loops = loops;
    this.instances = instances;
  }

  /// Starts one batcher per loop. Owns the instances from here on.
  ///
  /// @param instances one per loop, in the order of the loops
  static LoopLane start(
      RequestLoops loops,
      List<EngineInstance> instances,
      RunContext context,
      BatchingConfig config,
      BatchListener<InferCall> listener,
      LongSupplier nanoClock) {
    LoopLane lane = new LoopLane(loops, List.copyOf(instances));
    for (int loop = 0; loop < instances.size(); loop++) {
      EngineBatchRunner runner = new EngineBatchRunner(context, instances.get(loop), nanoClock);
      lane.stations.add(new Station(loops, loop, runner, config, listener, nanoClock));
    }
    return lane;
  }

  /// Queues a call on the calling thread's loop, and runs at once what fills a batch: waiting for
  /// the end of a long burst would let the first calls go cold in the processor's caches.
  ///
  /// @param fullRows rows of a full batch; the largest integer = never before the end of the burst
  Admission submit(InferCall call, int fullRows) {
    return stations.get(loops.current()).submit(call, fullRows);
  }

  /// The batcher of the calling thread's loop, or null when the thread is no request loop.
  @Nullable MicroBatcher<InferCall> batcherHere() {
    int loop = loops.current();
    return loop == RequestLoops.ELSEWHERE ? null : stations.get(loop).batcher;
  }

  void reconfigure(BatchingConfig config) {
    for (Station station : stations) {
      station.batcher.reconfigure(config);
    }
  }

  int queuedRows() {
    int rows = 0;
    for (Station station : stations) {
      rows += station.batcher.queuedRows();
    }
    return rows;
  }

  int queuedRows(int level) {
    int rows = 0;
    for (Station station : stations) {
      rows += station.batcher.queuedRows(level);
    }
    return rows;
  }

  int limitRows() {
    int rows = 0;
    for (Station station : stations) {
      rows += station.batcher.limitRows();
    }
    return rows;
  }

  int queuedItems() {
    int items = 0;
    for (Station station : stations) {
      items += station.batcher.queuedItems();
    }
    return items;
  }

  /// Finishes what was admitted, each queue on its loop, then frees the instances. Blocks.
  @Override
  public void close() {
    for (int loop = 0; loop < stations.size(); loop++) {
      loops.runAndWait(loop, stations.get(loop).batcher::close);
    }
    instances.forEach(EngineInstance::close);
  }

  /// The step of one loop and the loop itself.
  private static final class Station implements Runnable {
    private final RequestLoops loops;
    private final int loop;
    private final LongSupplier nanoClock;
    private final MicroBatcher<InferCall> batcher;
    private final BatchStep step;
    private int rowsOfBurst;
    private boolean running;

    Station(
        RequestLoops loops,
        int loop,
        EngineBatchRunner runner,
        BatchingConfig config,
        BatchListener<InferCall> listener,
        LongSupplier nanoClock) {
      this.loops = loops;
      this.loop = loop;
      this.nanoClock = nanoClock;
      this.batcher =
          MicroBatcher.stepped(
              config, List.of(runner), listener, nanoClock, woken -> loops.execute(loop, this));
      this.step = batcher.steps().getFirst();
    }

    Admission submit(InferCall call, int fullRows) {
      call.waitsIn(batcher);
      Admission admission = batcher.submit(call);
      rowsOfBurst += call.rows();
      // A run may queue a call itself: the next one that waited for the answer of a failed one.
      if (rowsOfBurst >= fullRows && !running) {
        run();
      }
      return admission;
    }

    /// One batch. If requests are left, the sockets get their turn before the next one: a task that
    /// is due now runs after them, one that is only added would run before.
    @Override
    public void run() {
      rowsOfBurst = 0;
      running = true;
      try {
        work();
      } finally {
        running = false;
      }
    }

    private void work() {
      long now = nanoClock.getAsLong();
      Next next = step.doWork(now);
      if (next instanceof Next.WorkDone && batcher.queuedItems() == 0) {
        now = nanoClock.getAsLong();
        next = step.doWork(now); // Only makes the step known as idle.
      }
      switch (next) {
        case Next.WorkDone() -> {
          step.pause(nanoClock.getAsLong());
          loops.schedule(loop, this, 0);
        }
        case Next.WaitUntil(long untilNanos) -> loops.schedule(loop, this, untilNanos - now);
        case Next.Idle(), Next.Drained() -> {}
      }
    }
  }
}
