package io.javelin.benchmarks.bench.process;

import java.io.IOException;

/// Tells how many batches a server has run.
@FunctionalInterface
interface BatchCounter {
  /// A server that cannot tell.
  BatchCounter NONE = () -> new Batches(Double.NaN, Double.NaN);

  /// The totals so far.
  Batches read() throws IOException, InterruptedException;

  /// Totals.
  ///
  /// @param batches executed
  /// @param requests in all of them together
  record Batches(double batches, double requests) {}
}
