package io.javelin.batching;

/// How many rows may wait and run, found from how long they take: a gradient limiter, whose
/// reference is the time of the run itself. Not thread-safe: guarded by the lock of [BatchQueue].
///
/// Each finished batch is a sample: the time from the arrival of its oldest request to its end, and
/// the time of the run alone. Their ratio is 1 without waiting, and about 2 when requests wait for
/// one run of others, which keeps every instance busy. The limit follows
///
/// ```
/// limit <- 0.8 limit + 0.2 (limit * clamp(2 * run / total, 0.5, 1) + sqrt(limit))
/// ```
///
/// so it grows by the square root while batches wait for less than one run, and shrinks by at most
/// a tenth per batch while they wait for longer. Gradient limiters that compare with the shortest
/// time ever seen take a larger batch for congestion; comparing with the own run does not.
///
/// It grows only while at least half of it is in use, and stays between one batch per instance and
/// what the queue and the instances hold together.
final class AdaptiveLimit {
  private static final double TOLERANCE = 2;
  private static final double SMOOTHING = 0.2;
  private static final double STRONGEST_CUT = 0.5;

  private double limitRows;

  AdaptiveLimit(int initialRows) {
    limitRows = initialRows;
  }

  int rows() {
    return (int) limitRows;
  }

  /// Learns from one batch.
  ///
  /// @param totalNanos from the arrival of its oldest request to its end
  /// @param runNanos of the run alone
  /// @param inFlightRows rows that waited and ran when it ended, itself included
  void onBatch(long totalNanos, long runNanos, int inFlightRows) {
    double gradient =
        Math.clamp(TOLERANCE * runNanos / Math.max(1, totalNanos), STRONGEST_CUT, 1.0);
    double wanted = limitRows * gradient + Math.sqrt(limitRows);
    if (wanted <= limitRows || inFlightRows * 2.0 >= limitRows) {
      limitRows += SMOOTHING * (wanted - limitRows);
    }
  }

  /// Keeps the limit within bounds, which follow the configuration and the number of instances.
  void bound(long leastRows, long mostRows) {
    limitRows = Math.clamp(limitRows, (double) leastRows, (double) Math.max(leastRows, mostRows));
  }
}
