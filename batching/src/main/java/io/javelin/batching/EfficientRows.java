package io.javelin.batching;

/// How many rows are worth running together, by the learned run times. On a CPU a row gets cheaper
/// with the batch only up to a point; beyond it, intermediate results no longer fit the caches, and
/// larger batches cost both throughput and latency. Not thread-safe: guarded by the lock of
/// [BatchQueue].
final class EfficientRows {
  /// How many decisions an answer is kept for.
  private static final int KEPT = 64;

  /// Fewer rows are never worth it: what surrounds a run, which costs the same for any batch, is
  /// not in all of the learned times.
  private static final int LEAST = 4;

  /// A smaller batch is as good if its rows cost at most this much more.
  private static final double AS_GOOD = 1.03;

  private final ServiceTimeModel serviceTimes;
  private final int maxRows;
  private int rows;
  private int uses = KEPT;

  EfficientRows(ServiceTimeModel serviceTimes, int maxRows) {
    this.serviceTimes = serviceTimes;
    this.maxRows = maxRows;
    this.rows = maxRows;
  }

  /// The smallest power of two from four on, or the maximum, whose rows are about as cheap as any;
  /// the maximum while nothing is learned.
  int rows() {
    if (++uses > KEPT && serviceTimes.isLearned()) {
      uses = 0;
      rows = smallestWithin(cheapestRow() * AS_GOOD);
    }
    return rows;
  }

  private double cheapestRow() {
    double cheapest = costOfRow(maxRows);
    for (int size = LEAST; size < maxRows && size > 0; size *= 2) {
      cheapest = Math.min(cheapest, costOfRow(size));
    }
    return cheapest;
  }

  private int smallestWithin(double cost) {
    for (int size = LEAST; size < maxRows && size > 0; size *= 2) {
      if (costOfRow(size) <= cost) {
        return size;
      }
    }
    return maxRows;
  }

  private double costOfRow(int size) {
    return (double) serviceTimes.estimateNanos(size) / size;
  }
}
