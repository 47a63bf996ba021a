package io.javelin.batching;

import io.javelin.batching.QueueingConfig.Policy;
import io.javelin.batching.QueueingConfig.TimeoutAction;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Waiting requests by priority level and tenant, for batchers that need more than one ring. Not
/// thread-safe: guarded by the lock of [BatchQueue].
///
/// **Order between levels.** A request at level n is served as if it had arrived (n - 1) times
/// `agingNanos` later than it did. So levels are strict for as long as nobody waits that long, and
/// nobody starves: after it has waited (n - 1) times `agingNanos` no younger request of any level
/// overtakes it. A request that is delayed by its time-out counts as half a level lower, from the
/// moment of the time-out on: behind all fresh ones of its level, before the next level.
///
/// **Order within a level.** [TenantQueues].
///
/// [#refill] settles the order one batch ahead and not more, so that a request of high priority
/// waits for one batch at most.
final class Backlog<T extends BatchItem> {
  private final QueueingConfig config;
  private final List<Level<T>> levels = new ArrayList<>();

  private static final class Level<T extends BatchItem> {
    final Policy policy;
    final long lateNanos;
    final long halfStepNanos;
    final TenantQueues<T> fresh;
    final ItemRing<T> delayed = new ItemRing<>();

    Level(QueueingConfig config, int index) {
      policy = config.levels().get(index);
      lateNanos = index * config.agingNanos();
      halfStepNanos = config.agingNanos() / 2;
      fresh = new TenantQueues<>(config.fairShare());
    }

    int rows() {
      return fresh.rows() + delayed.totalRows();
    }
  }

  Backlog(QueueingConfig config) {
    this.config = config;
    for (int i = 0; i < config.levels().size(); i++) {
      levels.add(new Level<>(config, i));
    }
  }

  QueueingConfig config() {
    return config;
  }

  int rows() {
    int sum = 0;
    for (int i = 0; i < levels.size(); i++) {
      sum += levels.get(i).rows();
    }
    return sum;
  }

  int size() {
    int sum = 0;
    for (int i = 0; i < levels.size(); i++) {
      sum += levels.get(i).fresh.size() + levels.get(i).delayed.size();
    }
    return sum;
  }

  /// Rows that wait at the level of index `index`.
  int rows(int index) {
    return levels.get(index).rows();
  }

  /// Rows that are served before a new request `item`, at most, as long as nobody ages.
  long rowsBefore(T item) {
    int own = config.indexOf(item.priorityLevel());
    long sum = 0;
    for (int i = 0; i < own; i++) {
      sum += levels.get(i).rows();
    }
    return sum + levels.get(own).fresh.rowsBefore(item.tenant());
  }

  /// Whether the level of `item` has no room for `rows` more.
  boolean isFull(T item, int rows) {
    Level<T> level = levelOf(item);
    return rows > level.policy.maxQueueRows() - level.rows();
  }

  /// Whether the tenant of `item` holds its share already. To be asked for every new request.
  boolean exceedsShare(T item, int rows, long nowNanos) {
    Level<T> level = levelOf(item);
    return level.fresh.exceedsShare(item.tenant(), rows, level.policy.maxQueueRows(), nowNanos);
  }

  void add(T item, int rows, Object key, long deadlineNanos, long nowNanos) {
    levelOf(item).fresh.add(item, rows, key, deadlineNanos, nowNanos);
  }

  boolean remove(T item) {
    Level<T> level = levelOf(item);
    return level.fresh.remove(item) || level.delayed.remove(item);
  }

  /// Moves what is served next to `ring`, until that holds more than `maxRows` rows or nothing is
  /// left. Dead requests go to `taken` instead.
  void refill(ItemRing<T> ring, int maxRows, long nowNanos, TakenWork<T> taken) {
    while (ring.totalRows() <= maxRows) {
      Level<T> level = nextLevel(nowNanos);
      if (level == null) {
        return;
      }
      boolean fromFresh = freshFirst(level);
      ItemRing<T> source = fromFresh ? level.fresh.next() : level.delayed;
      boolean cancelled = source.oldest().isCancelled();
      if (cancelled || ItemRing.isExpired(source.deadlineNanos(0), nowNanos)) {
        taken.addDropped(fromFresh ? level.fresh.removeNext() : source.removeOldest(), cancelled);
      } else if (fromFresh) {
        level.fresh.moveNextTo(ring);
      } else {
        source.moveOldestTo(ring);
      }
    }
  }

  /// Moves everything to `ring`, in the order in which it would have been served.
  void pourInto(ItemRing<T> ring, long nowNanos) {
    for (Level<T> level = nextLevel(nowNanos); level != null; level = nextLevel(nowNanos)) {
      if (freshFirst(level)) {
        level.fresh.moveNextTo(ring);
      } else {
        level.delayed.moveOldestTo(ring);
      }
    }
  }

  private @Nullable Level<T> nextLevel(long nowNanos) {
    Level<T> next = null;
    long nextNanos = 0;
    for (int i = 0; i < levels.size(); i++) {
      Level<T> level = levels.get(i);
      delayTimedOut(level, nowNanos);
      if (level.fresh.size() + level.delayed.size() > 0) {
        long nanos = freshFirst(level) ? freshNanos(level) : delayedNanos(level);
        if (next == null || nanos - nextNanos < 0) {
          next = level;
          nextNanos = nanos;
        }
      }
    }
    return next;
  }

  /// Moves the next requests of a level behind the others, while their time-out has passed.
  private void delayTimedOut(Level<T> level, long nowNanos) {
    if (level.policy.timeoutAction() == TimeoutAction.REJECT) {
      return;
    }
    while (level.fresh.size() > 0
        && ItemRing.isExpired(level.fresh.next().oldest().delayAfterNanos(), nowNanos)) {
      level.fresh.moveNextTo(level.delayed);
    }
  }

  private boolean freshFirst(Level<T> level) {
    return level.delayed.size() == 0
        || (level.fresh.size() > 0 && freshNanos(level) - delayedNanos(level) <= 0);
  }

  private long freshNanos(Level<T> level) {
    return level.fresh.next().enqueuedNanos(0) + level.lateNanos;
  }

  private long delayedNanos(Level<T> level) {
    return level.delayed.oldest().delayAfterNanos() + level.lateNanos + level.halfStepNanos;
  }

  private Level<T> levelOf(T item) {
    return levels.get(config.indexOf(item.priorityLevel()));
  }
}
