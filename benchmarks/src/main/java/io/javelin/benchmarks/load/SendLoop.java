package io.javelin.benchmarks.load;

/// Decides when requests are sent. A step; only [LoadGenerator] calls it.
interface SendLoop {
  /// Sends what is due at `nowNanos` and returns when to call again.
  long doWork(long nowNanos);
}
