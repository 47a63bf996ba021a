package io.javelin.batching;

/// What [BatchFormer] sees of the queue: the waiting requests in arrival order, oldest at index 0.
interface WaitingItems {
  int size();

  int rows(int index);

  long cost(int index);

  Object batchKey(int index);

  /// Absolute, or [BatchItem#NO_DEADLINE].
  long deadlineNanos(int index);

  /// When the request arrived.
  long enqueuedNanos(int index);
}
