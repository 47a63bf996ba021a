package io.javelin.benchmarks.bench.client;

/// Keeps a fixed number of requests in flight.
final class ClosedPace implements SendPace {
  private final Slice slice;
  private final int concurrency;
  // A request that fails before it is sent ends inside `send`: the loop below then sends the next
  // one, not the call of `onEnd` inside it.
  private boolean filling;

  ClosedPace(Slice slice, int concurrency) {
    this.slice = slice;
    this.concurrency = concurrency;
  }

  @Override
  public void begin(long nowNanos) {
    onEnd(nowNanos);
  }

  @Override
  public void onEnd(long nowNanos) {
    if (filling || slice.isOver(nowNanos)) {
      return;
    }
    filling = true;
    for (int free = concurrency - slice.inFlight(); free > 0; free--) {
      slice.send(nowNanos, nowNanos);
    }
    filling = false;
  }
}
