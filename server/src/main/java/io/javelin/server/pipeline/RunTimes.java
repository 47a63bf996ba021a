package io.javelin.server.pipeline;

/// Learned run times of one model version.
@FunctionalInterface
interface RunTimes {
  /// What a run of `rows` rows takes, in nanoseconds; 0 = not known yet.
  long estimateNanos(int rows);
}
