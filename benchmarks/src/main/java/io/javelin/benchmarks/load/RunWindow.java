package io.javelin.benchmarks.load;

/// When a run warms up, measures and stops sending; monotonic nanoseconds. The end moves once at
/// most, when the run is stopped early, and may be read by any thread.
final class RunWindow {
  private final long startNanos;
  private final long measureNanos;
  private volatile long endNanos;

  RunWindow(LoadConfig config, long startNanos) {
    this.startNanos = startNanos;
    measureNanos = startNanos + config.warmUp().toNanos();
    endNanos = measureNanos + config.duration().toNanos();
  }

  long startNanos() {
    return startNanos;
  }

  long endNanos() {
    return endNanos;
  }

  boolean isMeasured(long nowNanos) {
    return nowNanos - measureNanos >= 0;
  }

  boolean isOver(long nowNanos) {
    return nowNanos - endNanos >= 0;
  }

  void endAt(long nowNanos) {
    if (!isOver(nowNanos)) {
      endNanos = nowNanos;
    }
  }

  long warmUpNanos(long nowNanos) {
    return Math.max(0, Math.min(nowNanos, measureNanos) - startNanos);
  }

  /// Length of the measurement so far. After the end it lasts until the last answer, so that a
  /// backlog does not count as throughput.
  long measuredNanos(long nowNanos, long lastAnswerNanos) {
    long until = isOver(nowNanos) ? Math.max(endNanos, lastAnswerNanos) : nowNanos;
    return Math.max(0, until - measureNanos);
  }
}
