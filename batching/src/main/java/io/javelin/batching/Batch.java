package io.javelin.batching;

/// One closed batch, in arrival order. Owned by its worker and reused: valid only during
/// [BatchRunner#run].
///
/// @param <T> request type
public interface Batch<T extends BatchItem> {
  /// Number of requests, at least 1.
  int size();

  /// The request at `index`, in arrival order.
  T get(int index);

  /// Sum of the requests' rows.
  int rows();

  /// Why the batch was closed.
  CloseCause cause();

  /// Monotonic nanoseconds at which the batch was closed.
  long closedNanos();
}
