package io.javelin.server.tracing;

import java.time.Instant;
import java.util.concurrent.TimeUnit;

/// Turns monotonic nanoseconds into wall time for one trace.
final class SpanTimes {
  private final long startEpochNanos;
  private final long startNanos;

  SpanTimes(Instant start, long startNanos) {
    this.startEpochNanos = TimeUnit.SECONDS.toNanos(start.getEpochSecond()) + start.getNano();
    this.startNanos = startNanos;
  }

  long startEpochNanos() {
    return startEpochNanos;
  }

  /// Wall time of a moment; one before the trace's start becomes the start, so that no child begins
  /// before its parent.
  long epochNanos(long nanos) {
    return startEpochNanos + Math.max(0, nanos - startNanos);
  }
}
