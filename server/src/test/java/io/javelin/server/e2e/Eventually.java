package io.javelin.server.e2e;

import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;

/// Waits, with a bound, for what other threads will do.
final class Eventually {
  private static final long LIMIT_NANOS = TimeUnit.SECONDS.toNanos(20);
  private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

  private Eventually() {}

  /// Looks again and again until `holds` accepts what `look` sees, and returns that.
  static <T> T eventually(Callable<T> look, Predicate<? super T> holds) throws Exception {
    long start = System.nanoTime();
    while (true) {
      T seen = look.call();
      if (holds.test(seen)) {
        return seen;
      }
      if (System.nanoTime() - start > LIMIT_NANOS) {
        throw new AssertionError("not within 20 s; last seen: " + seen);
      }
      LockSupport.parkNanos(PAUSE_NANOS);
    }
  }
}
