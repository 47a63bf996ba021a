package io.javelin.benchmarks.load;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;

/// Keeps a fixed number of requests in flight. An end refills on its own thread, so that no thread
/// has to be woken for the next request.
final class ClosedLoop implements SendLoop {
  private final int concurrency;
  private final RunWindow window;
  private final InferSender sender;
  private final PhaseRecorders recorders;
  private final LongSupplier nanoClock;

  // Calls of refill that nobody has acted on yet. Who raises it from 0 sends for all: a request
  // that
  // ends before `send` returns then adds a turn to that loop, not a frame to its stack.
  private final AtomicInteger refills = new AtomicInteger();

  ClosedLoop(
      int concurrency,
      RunWindow window,
      InferSender sender,
      PhaseRecorders recorders,
      LongSupplier nanoClock) {
    this.concurrency = concurrency;
    this.window = window;
    this.sender = sender;
    this.recorders = recorders;
    this.nanoClock = nanoClock;
    sender.onEnded(this::refill);
  }

  @Override
  public long doWork(long nowNanos) {
    refill();
    return window.endNanos();
  }

  private void refill() {
    int pending = refills.incrementAndGet();
    if (pending != 1) {
      return;
    }
    do {
      fill();
      pending = refills.addAndGet(-pending);
    } while (pending != 0);
  }

  private void fill() {
    while (sender.inFlight() < concurrency) {
      long nowNanos = nanoClock.getAsLong();
      if (window.isOver(nowNanos)) {
        return;
      }
      sender.send(nowNanos, recorders.at(nowNanos));
    }
  }
}
