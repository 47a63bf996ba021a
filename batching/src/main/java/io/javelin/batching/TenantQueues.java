package io.javelin.batching;

import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The requests of one priority level, in a queue per tenant, served round robin by rows (deficit
/// round robin). Without a fair share there is one queue. Not thread-safe: guarded by the lock of
/// [BatchQueue].
///
/// A tenant exists here only while it waits. Tenants beyond the bound share one queue.
final class TenantQueues<T extends BatchItem> {
  /// Rows that a tenant may take per round. Small, so that one batch holds rows of several tenants.
  static final int QUANTUM_ROWS = 8;

  /// How long a tenant is reckoned with that has asked for a place.
  static final long LATELY_NANOS = 1_000_000_000;

  private static final Object OTHERS = new Object();

  private final QueueingConfig.@Nullable FairShare share;
  private final Map<Object, TenantQueue<T>> byTenant = new HashMap<>();
  private final ArrayDeque<TenantQueue<T>> round = new ArrayDeque<>();
  private int rows;
  private int size;

  /// Who asked for a place last and when, and when somebody else last did.
  private @Nullable Object latest;

  private long latestNanos;
  private long othersNanos;
  private boolean othersSeen;

  private static final class TenantQueue<T extends BatchItem> {
    final Object tenant;
    final ItemRing<T> ring = new ItemRing<>();
    long deficitRows = QUANTUM_ROWS;

    TenantQueue(Object tenant) {
      this.tenant = tenant;
    }
  }

  TenantQueues(QueueingConfig.@Nullable FairShare share) {
    this.share = share;
  }

  int rows() {
    return rows;
  }

  int size() {
    return size;
  }

  /// Tenants that wait.
  int tenants() {
    return byTenant.size();
  }

  /// Notes that `tenant` asks for a place for `more` rows. Whether that is beyond what it may hold
  /// of `maxRows` while others wait, or have asked lately: a tenant that has filled the queue alone
  /// must make room for them.
  boolean exceedsShare(@Nullable Object tenant, int more, int maxRows, long nowNanos) {
    QueueingConfig.FairShare current = share;
    if (current == null) {
      return false;
    }
    Object key = keyOf(tenant);
    boolean othersAsked = othersAsked(key, nowNanos);
    TenantQueue<T> own = byTenant.get(key);
    if (own == null || (byTenant.size() == 1 && !othersAsked)) {
      return false;
    }
    return own.ring.totalRows() + (long) more > (long) maxRows * current.maxSharePercent() / 100;
  }

  private boolean othersAsked(Object key, long nowNanos) {
    if (!key.equals(latest)) {
      othersSeen = latest != null;
      othersNanos = latestNanos;
      latest = key;
    }
    latestNanos = nowNanos;
    return othersSeen && nowNanos - othersNanos < LATELY_NANOS;
  }

  /// Rows that are served before a new request of `tenant`, at most.
  long rowsBefore(@Nullable Object tenant) {
    if (share == null) {
      return rows;
    }
    TenantQueue<T> own = byTenant.get(keyOf(tenant));
    long ownRows = own == null ? 0 : own.ring.totalRows();
    return Math.min(rows, (ownRows + QUANTUM_ROWS) * Math.max(1, byTenant.size()));
  }

  void add(T item, int itemRows, Object batchKey, long deadlineNanos, long nowNanos) {
    Object key = keyOf(share == null ? null : item.tenant());
    TenantQueue<T> queue = byTenant.get(key);
    if (queue == null) {
      queue = new TenantQueue<>(key);
      byTenant.put(key, queue);
      round.addLast(queue);
    }
    queue.ring.add(item, itemRows, batchKey, deadlineNanos, nowNanos);
    rows += itemRows;
    size++;
  }

  /// The queue whose oldest request is next. Asking again gives the same one, until it is taken.
  ItemRing<T> next() {
    TenantQueue<T> first = round.getFirst();
    while (first.deficitRows < first.ring.rows(0) && round.size() > 1) {
      first.deficitRows += QUANTUM_ROWS;
      round.addLast(round.removeFirst());
      first = round.getFirst();
    }
    return first.ring;
  }

  /// Moves the next request to `target`.
  void moveNextTo(ItemRing<T> target) {
    int moved = next().rows(0);
    TenantQueue<T> first = round.getFirst();
    first.ring.moveOldestTo(target);
    took(first, moved);
  }

  /// Takes the next request out.
  T removeNext() {
    int moved = next().rows(0);
    TenantQueue<T> first = round.getFirst();
    T item = first.ring.removeOldest();
    took(first, moved);
    return item;
  }

  boolean remove(T item) {
    for (TenantQueue<T> queue : byTenant.values()) {
      int before = queue.ring.totalRows();
      if (queue.ring.remove(item)) {
        rows -= before - queue.ring.totalRows();
        size--;
        forgetIfEmpty(queue);
        return true;
      }
    }
    return false;
  }

  private void took(TenantQueue<T> first, int moved) {
    // Alone a tenant takes what it likes and owes nothing for it when another one comes.
    first.deficitRows = Math.max(0, first.deficitRows - moved);
    rows -= moved;
    size--;
    forgetIfEmpty(first);
  }

  private void forgetIfEmpty(TenantQueue<T> queue) {
    if (queue.ring.size() == 0) {
      byTenant.remove(queue.tenant);
      round.remove(queue);
    }
  }

  private Object keyOf(@Nullable Object tenant) {
    QueueingConfig.FairShare current = share;
    if (current == null || tenant == null) {
      return OTHERS;
    }
    return byTenant.containsKey(tenant) || byTenant.size() < current.maxTenants() ? tenant : OTHERS;
  }
}
