package io.javelin.benchmarks.load;

import java.util.SplittableRandom;

/// Intended start times of a Poisson process: independent users, so exponential gaps. Pure: the
/// same seed gives the same times. Not thread-safe.
public final class ArrivalSchedule {
  private static final double NANOS_PER_SECOND = 1e9;

  private final double meanGapNanos;
  private final SplittableRandom random;

  // A double keeps the sum unbiased by rounding; it is exact to a nanosecond for 100 days.
  private double nextNanos;

  /// Starts at time 0.
  ///
  /// @param ratePerSecond mean arrivals per second, above 0
  public ArrivalSchedule(double ratePerSecond, long seed) {
    if (!(ratePerSecond > 0) || Double.isInfinite(ratePerSecond)) {
      throw new IllegalArgumentException("rate must be above 0 per second: " + ratePerSecond);
    }
    meanGapNanos = NANOS_PER_SECOND / ratePerSecond;
    random = new SplittableRandom(seed);
  }

  /// The next intended start, in nanoseconds after time 0; never before the previous one.
  public long next() {
    // 1 - u lies in (0, 1], so the logarithm is finite.
    nextNanos -= Math.log(1.0 - random.nextDouble()) * meanGapNanos;
    return (long) nextNanos;
  }
}
