package io.javelin.batching;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// A growable ring of waiting requests in arrival order, which counts their rows. Not thread-safe.
///
/// What the batcher needs of a request is read once, on arrival, and kept beside it in parallel
/// arrays: forming a batch then walks plain memory, and a request that changes its mind about its
/// rows cannot spoil the count.
final class ItemRing<T extends BatchItem> implements WaitingItems {
  private static final int INITIAL_SLOTS = 16;

  /// Length of all arrays: a power of two, so that an index wraps by a mask.
  private int slots = INITIAL_SLOTS;

  private @Nullable Object[] items = new @Nullable Object[INITIAL_SLOTS];
  private @Nullable Object[] keys = new @Nullable Object[INITIAL_SLOTS];
  private int[] rows = new int[INITIAL_SLOTS];
  private long[] costs = new long[INITIAL_SLOTS];
  private long[] deadlines = new long[INITIAL_SLOTS];
  private long[] arrivals = new long[INITIAL_SLOTS];
  private int head;
  private int size;
  private int totalRows;

  @Override
  public int size() {
    return size;
  }

  /// Sum of the rows of all waiting requests.
  int totalRows() {
    return totalRows;
  }

  @Override
  public int rows(int index) {
    return rows[slot(index)];
  }

  @Override
  public long cost(int index) {
    return costs[slot(index)];
  }

  @Override
  public Object batchKey(int index) {
    return Objects.requireNonNull(keys[slot(index)]);
  }

  @Override
  public long deadlineNanos(int index) {
    return deadlines[slot(index)];
  }

  @Override
  public long enqueuedNanos(int index) {
    return arrivals[slot(index)];
  }

  void add(T item, int itemRows, Object key, long deadlineNanos, long enqueuedNanos) {
    if (size == slots) {
      grow();
    }
    int slot = slot(size);
    items[slot] = item;
    keys[slot] = key;
    rows[slot] = itemRows;
    costs[slot] = item.cost();
    deadlines[slot] = deadlineNanos;
    arrivals[slot] = enqueuedNanos;
    size++;
    totalRows += itemRows;
  }

  /// Moves the oldest `count` requests to `batch`.
  void moveOldest(int count, ClosedBatch<T> batch) {
    for (int i = 0; i < count; i++) {
      batch.add(item(0), rows(0));
      dropHead();
    }
  }

  /// The oldest request; the ring is not empty.
  T oldest() {
    return item(0);
  }

  /// Moves the oldest request, with what is known of it, to the young end of `other`.
  void moveOldestTo(ItemRing<T> other) {
    other.add(item(0), rows(0), batchKey(0), deadlineNanos(0), enqueuedNanos(0));
    dropHead();
  }

  /// Takes out the oldest request.
  T removeOldest() {
    T item = item(0);
    dropHead();
    return item;
  }

  /// Takes out this very object; false when it does not wait. Costs time in proportion to the
  /// requests before it, which is cheap for the old ones that usually get cancelled.
  @SuppressWarnings("ReferenceEquality") // two equal requests are still two callers
  boolean remove(T item) {
    for (int i = 0; i < size; i++) {
      if (items[slot(i)] == item) {
        totalRows -= rows(i);
        clear(slot(i));
        closeGaps(i + 1);
        return true;
      }
    }
    return false;
  }

  /// Moves cancelled and expired requests to `taken`, from the oldest on, as far as one batch of
  /// `maxRows` can reach, and the one request after it, whose turn has come too. Those further
  /// behind are left for later: looking at all of a long queue for every batch would cost more than
  /// they do.
  void moveDeadOldest(long nowNanos, int maxRows, TakenWork<T> taken) {
    int looked = 0;
    int liveRows = 0;
    int dead = 0;
    try {
      while (looked < size && liveRows <= maxRows) {
        int slot = slot(looked++);
        T item = itemAt(slot);
        boolean cancelled = item.isCancelled();
        if (cancelled || isExpired(deadlines[slot], nowNanos)) {
          taken.addDropped(item, cancelled);
          totalRows -= rows[slot];
          clear(slot);
          dead++;
        } else {
          liveRows += rows[slot];
        }
      }
    } finally {
      // Also when a request breaks its promise and throws: the ring must stay whole.
      if (dead > 0) {
        closeGaps(looked);
      }
    }
  }

  static boolean isExpired(long deadlineNanos, long nowNanos) {
    return deadlineNanos != BatchItem.NO_DEADLINE && nowNanos - deadlineNanos >= 0;
  }

  /// Moves the requests among the oldest `count` slots together, towards the youngest.
  private void closeGaps(int count) {
    int to = count;
    for (int from = count - 1; from >= 0; from--) {
      if (items[slot(from)] != null) {
        to--;
        if (to != from) {
          move(slot(from), slot(to));
        }
      }
    }
    head = slot(to);
    size -= to;
  }

  private void move(int from, int to) {
    items[to] = items[from];
    keys[to] = keys[from];
    rows[to] = rows[from];
    costs[to] = costs[from];
    deadlines[to] = deadlines[from];
    arrivals[to] = arrivals[from];
    clear(from);
  }

  private void dropHead() {
    totalRows -= rows[head];
    clear(head);
    head = slot(1);
    size--;
  }

  private void clear(int slot) {
    items[slot] = null;
    keys[slot] = null;
  }

  private T item(int index) {
    return itemAt(slot(index));
  }

  @SuppressWarnings("unchecked") // only `add` writes, and it takes a T
  private T itemAt(int slot) {
    return (T) Objects.requireNonNull(items[slot]);
  }

  private int slot(int index) {
    return (head + index) & (slots - 1);
  }

  /// Doubles the room; the oldest moves to slot 0.
  private void grow() {
    int room = 2 * slots;
    items = unrolled(items, new @Nullable Object[room]);
    keys = unrolled(keys, new @Nullable Object[room]);
    rows = unrolled(rows, new int[room]);
    costs = unrolled(costs, new long[room]);
    deadlines = unrolled(deadlines, new long[room]);
    arrivals = unrolled(arrivals, new long[room]);
    slots = room;
    head = 0;
  }

  /// Copies one array of the ring to `straight`, oldest first.
  @SuppressWarnings("SuspiciousSystemArraycopy") // A is one array type for both
  private <A> A unrolled(A ring, A straight) {
    System.arraycopy(ring, head, straight, 0, slots - head);
    System.arraycopy(ring, 0, straight, slots - head, head);
    return straight;
  }
}
