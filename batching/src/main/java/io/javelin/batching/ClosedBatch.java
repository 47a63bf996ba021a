package io.javelin.batching;

import java.util.ArrayList;

/// The one [Batch] of a step, filled anew for each run. Grows to the largest batch and stays there.
/// Not thread-safe: it belongs to its step.
final class ClosedBatch<T extends BatchItem> implements Batch<T> {
  private final ArrayList<T> items = new ArrayList<>();
  private int rows;
  private CloseCause cause = CloseCause.IDLE;
  private long closedNanos;

  @Override
  public int size() {
    return items.size();
  }

  @Override
  public T get(int index) {
    return items.get(index);
  }

  @Override
  public int rows() {
    return rows;
  }

  @Override
  public CloseCause cause() {
    return cause;
  }

  @Override
  public long closedNanos() {
    return closedNanos;
  }

  void add(T item, int itemRows) {
    items.add(item);
    rows += itemRows;
  }

  void close(CloseCause why, long nowNanos) {
    cause = why;
    closedNanos = nowNanos;
  }

  /// Lets go of the requests, so that a quiet instance does not keep the last batch alive.
  void clear() {
    items.clear();
    rows = 0;
  }
}
