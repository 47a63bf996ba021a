package io.javelin.loader.lifecycle;

import java.time.Duration;

/// When a failed version is tried again, and how that is told. Pure.
///
/// @param backoff wait after the first failed attempt; doubles with each, up to 64 times it
/// @param maxAttempts attempts after which only changed files help
record RetryPolicy(Duration backoff, int maxAttempts) {
  private static final int MAX_DOUBLINGS = 6;

  /// Whether `attempt` failed attempts are too many.
  boolean isExhausted(int attempt) {
    return attempt >= maxAttempts;
  }

  /// How long to wait after the `attempt`-th failure, counted from 1.
  Duration delay(int attempt) {
    return backoff.multipliedBy(1L << Math.min(attempt - 1, MAX_DOUBLINGS));
  }

  /// For example `attempt 2 of 5, next in 4 s`.
  String describe(int attempt) {
    String next = isExhausted(attempt) ? "when its files change" : "in " + text(delay(attempt));
    return "attempt " + attempt + " of " + maxAttempts + ", next " + next;
  }

  private static String text(Duration duration) {
    long millis = duration.toMillis();
    return millis % 1_000 == 0 ? millis / 1_000 + " s" : millis + " ms";
  }
}
