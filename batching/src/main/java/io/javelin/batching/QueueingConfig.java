package io.javelin.batching;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// In which order requests wait, and how many may. Immutable.
///
/// @param levels one policy per priority level, level 1 (served first) at index 0; at least one
/// @param defaultLevel level of a request that does not ask for one
/// @param agingNanos a request at level n is served as if it had arrived (n - 1) times this later,
///   so that no level starves
/// @param fairShare how tenants share a level; null = nobody is told apart
/// @param adaptiveLimit whether the rows that wait and run are limited by how long they take
public record QueueingConfig(
    List<Policy> levels,
    int defaultLevel,
    long agingNanos,
    @Nullable FairShare fairShare,
    boolean adaptiveLimit) {

  /// One level, first in, first out.
  public static final QueueingConfig PLAIN =
      new QueueingConfig(
          List.of(new Policy(Integer.MAX_VALUE, TimeoutAction.REJECT, 0, true)), 1, 0, null, false);

  /// Refuses values out of range.
  public QueueingConfig {
    levels = List.copyOf(levels);
    if (defaultLevel < 1 || defaultLevel > levels.size() || agingNanos < 0) {
      throw new IllegalArgumentException(
          "defaultLevel = %d of %d, agingNanos = %d, expected a level, at least 0"
              .formatted(defaultLevel, levels.size(), agingNanos));
    }
  }

  /// What happens to a request that has waited for its time-out.
  public enum TimeoutAction {
    /// It is dropped.
    REJECT,
    /// It waits on, behind all others of its level.
    DELAY
  }

  /// One level.
  ///
  /// @param maxQueueRows most rows that may wait in it
  /// @param timeoutNanos how long a request may wait; 0 = no limit
  /// @param timeoutOverride whether a request may ask for a shorter time
  public record Policy(
      int maxQueueRows, TimeoutAction timeoutAction, long timeoutNanos, boolean timeoutOverride) {}

  /// How tenants share a level.
  ///
  /// @param maxTenants most tenants that are told apart while they wait; the others share one place
  /// @param maxSharePercent most of a level's rows that one tenant may hold while others wait
  public record FairShare(int maxTenants, int maxSharePercent) {
    /// Refuses values out of range.
    public FairShare {
      if (maxTenants < 1 || maxSharePercent < 1 || maxSharePercent > 100) {
        throw new IllegalArgumentException(
            "maxTenants = %d, maxSharePercent = %d, expected at least 1, and 1 to 100"
                .formatted(maxTenants, maxSharePercent));
      }
    }
  }

  /// The level of a request with parameter `priority`: 0 and what is no level mean the default.
  public int levelFor(long priority) {
    return priority >= 1 && priority <= levels.size() ? (int) priority : defaultLevel;
  }

  /// The policy of `level`, from 1 on.
  public Policy policy(int level) {
    return levels.get(indexOf(level));
  }

  /// The index of `priority` in [#levels]; one that was a level before is the last.
  int indexOf(int priority) {
    return Math.clamp(priority, 1, levels.size()) - 1;
  }

  /// Whether one ring in order of arrival is not enough.
  boolean needsBacklog() {
    return levels.size() > 1
        || fairShare != null
        || levels.getFirst().timeoutAction() == TimeoutAction.DELAY;
  }
}
