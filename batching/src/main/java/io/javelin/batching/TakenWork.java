package io.javelin.batching;

import io.javelin.batching.BatchListener.DropReason;
import java.util.ArrayList;

/// What one step took out of the queue: at most one batch, and the dead requests it met. Reused for
/// every step, and filled while the queue is locked; the listener is told afterwards.
final class TakenWork<T extends BatchItem> {
  final ClosedBatch<T> batch = new ClosedBatch<>();
  private final ArrayList<T> dropped = new ArrayList<>();
  private final ArrayList<DropReason> reasons = new ArrayList<>();

  void addDropped(T item, boolean cancelled) {
    dropped.add(item);
    reasons.add(cancelled ? DropReason.CANCELLED : DropReason.EXPIRED);
  }

  int droppedCount() {
    return dropped.size();
  }

  T dropped(int index) {
    return dropped.get(index);
  }

  DropReason reason(int index) {
    return reasons.get(index);
  }

  void clear() {
    batch.clear();
    dropped.clear();
    reasons.clear();
  }
}
