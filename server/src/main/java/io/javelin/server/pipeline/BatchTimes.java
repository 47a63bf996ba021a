package io.javelin.server.pipeline;

/// When the stages of one batch ended, in monotonic nanoseconds. One timestamp per batch and stage,
/// not per request: reading the clock is a measurable share of a small request. Reused by its
/// worker.
final class BatchTimes {
  private long closed;
  private long gathered;
  private long ran;
  private long replied;

  void closed(long nanos) {
    closed = nanos;
    gathered = nanos;
    ran = nanos;
    replied = nanos;
  }

  void gathered(long nanos) {
    gathered = nanos;
  }

  void ran(long nanos) {
    ran = nanos;
  }

  void replied(long nanos) {
    replied = nanos;
  }

  long closed() {
    return closed;
  }

  long gathered() {
    return gathered;
  }

  long ran() {
    return ran;
  }

  long replied() {
    return replied;
  }

  long gatherNanos() {
    return gathered - closed;
  }

  long runNanos() {
    return ran - gathered;
  }

  long scatterNanos() {
    return replied - ran;
  }
}
