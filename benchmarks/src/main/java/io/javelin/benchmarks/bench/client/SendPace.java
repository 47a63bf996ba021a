package io.javelin.benchmarks.bench.client;

/// Decides when a slice sends. All calls come from the event loop.
interface SendPace {
  /// The slice has begun.
  void begin(long nowNanos);

  /// A request has ended.
  void onEnd(long nowNanos);

  /// Sends nothing more.
  default void stop() {}
}
