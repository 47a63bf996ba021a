package io.javelin.benchmarks.bench;

import io.javelin.benchmarks.load.Arrivals;
import java.util.List;
import java.util.Locale;

/// One kind of load.
///
/// @param label in tables
record LoadStep(String label, Arrivals arrivals) {
  /// `concurrency` requests in flight.
  static LoadStep inFlight(int concurrency) {
    return new LoadStep("c=" + concurrency, new Arrivals.ClosedLoop(concurrency));
  }

  /// Poisson arrivals.
  static LoadStep perSecond(double rate) {
    return new LoadStep(String.format(Locale.ROOT, "r=%.0f", rate), new Arrivals.OpenLoop(rate));
  }

  /// One, 64 and 256 in flight, and Poisson arrivals at a rate.
  static List<LoadStep> standard(double rate) {
    return List.of(inFlight(1), inFlight(64), inFlight(256), perSecond(rate));
  }
}
