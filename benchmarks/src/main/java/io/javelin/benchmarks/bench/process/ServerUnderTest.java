package io.javelin.benchmarks.bench.process;

import java.io.IOException;
import java.net.InetSocketAddress;

/// A running server that answers `ModelInfer`, and what it uses. One thread at a time.
public interface ServerUnderTest extends AutoCloseable {
  /// Name in tables.
  String name();

  /// Where it listens.
  InetSocketAddress address();

  /// Begins to count what the server uses.
  UsageMeter startUsage() throws IOException, InterruptedException;

  /// Stops the server if it was started by the benchmark.
  @Override
  void close();

  /// Counts since [#startUsage].
  @FunctionalInterface
  interface UsageMeter {
    /// What was used so far.
    Usage stop() throws IOException, InterruptedException;
  }

  /// What a server used; a figure that cannot be had is [Double#NaN].
  ///
  /// @param cpuNanos CPU time of the whole process, compiler and garbage collector included
  /// @param allocatedBytes allocated on the heap by all threads
  /// @param batches executed batches
  /// @param batchedRequests requests in them
  record Usage(double cpuNanos, double allocatedBytes, double batches, double batchedRequests) {
    /// Nothing is known.
    public static final Usage UNKNOWN = new Usage(Double.NaN, Double.NaN, Double.NaN, Double.NaN);

    /// Requests in one batch, on average.
    public double meanBatch() {
      return batches > 0 ? batchedRequests / batches : Double.NaN;
    }
  }
}
