package io.javelin.benchmarks.load;

/// When requests are sent.
public sealed interface Arrivals {
  /// Users who do not wait for each other: a Poisson process that never waits for answers.
  ///
  /// @param ratePerSecond mean arrivals per second
  record OpenLoop(double ratePerSecond) implements Arrivals {
    public OpenLoop {
      if (!(ratePerSecond > 0) || Double.isInfinite(ratePerSecond)) {
        throw new IllegalArgumentException("rate must be above 0 per second: " + ratePerSecond);
      }
    }
  }

  /// A fixed number of requests in flight, each answer followed by the next request. Measures
  /// capacity; its latency leaves out what a stall would have done to requests never sent.
  record ClosedLoop(int concurrency) implements Arrivals {
    public ClosedLoop {
      if (concurrency < 1) {
        throw new IllegalArgumentException("concurrency must be at least 1: " + concurrency);
      }
    }
  }
}
