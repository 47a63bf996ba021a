package io.javelin.benchmarks.bench.client;

import io.javelin.benchmarks.load.ArrivalSchedule;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Sends at random times that were fixed before, whatever became of earlier requests. Sends from
/// the event loop itself, so that no thread has to be woken for a request.
final class PoissonPace implements SendPace {
  private static final int MAX_IN_FLIGHT = 20_000;

  /// After this many the loop reads answers before it sends more.
  private static final int MAX_BURST = 256;

  private final Slice slice;
  private final ScheduledExecutorService loop;
  private final ArrivalSchedule schedule;
  private long beginNanos;
  private long dueNanos;
  private @Nullable Future<?> next;

  PoissonPace(Slice slice, ScheduledExecutorService loop, double ratePerSecond, long seed) {
    this.slice = slice;
    this.loop = loop;
    schedule = new ArrivalSchedule(ratePerSecond, seed);
  }

  @Override
  public void begin(long nowNanos) {
    beginNanos = nowNanos;
    dueNanos = beginNanos + schedule.next();
    sendDue();
  }

  @Override
  public void onEnd(long nowNanos) {}

  @Override
  public void stop() {
    Future<?> waiting = next;
    if (waiting != null) {
      waiting.cancel(false);
    }
  }

  private void sendDue() {
    long nowNanos = slice.nowNanos();
    int burst = 0;
    while (dueNanos - nowNanos <= 0 && !slice.isOver(dueNanos) && burst < MAX_BURST) {
      if (slice.inFlight() >= MAX_IN_FLIGHT) {
        slice.skip(dueNanos);
      } else {
        slice.send(dueNanos, nowNanos);
      }
      burst++;
      dueNanos = beginNanos + schedule.next();
    }
    if (!slice.isOver(dueNanos)) {
      next =
          loop.schedule(
              this::sendDue, Math.max(0, dueNanos - slice.nowNanos()), TimeUnit.NANOSECONDS);
    }
  }
}
