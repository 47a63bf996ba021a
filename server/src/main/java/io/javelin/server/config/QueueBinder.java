package io.javelin.server.config;

import io.javelin.batching.BatchingConfig;
import io.javelin.batching.BatchingConfig.CostBound;
import io.javelin.batching.QueueingConfig;
import io.javelin.batching.QueueingConfig.FairShare;
import io.javelin.batching.QueueingConfig.Policy;
import io.javelin.batching.QueueingConfig.TimeoutAction;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Makes a model's [ModelConfig.Queue] from a sound section.
final class QueueBinder {
  private final @Nullable FairShare fairShare;

  QueueBinder(@Nullable TenantsConfig tenants) {
    fairShare =
        tenants == null
            ? null
            : new FairShare(tenants.maxTracked(), tenants.maxQueueSharePercent());
  }

  ModelConfig.Queue bind(Section batching, int maxRows, ModelConfig.Requests requests) {
    List<Policy> levels = levels(batching, maxRows);
    long allRows = levels.stream().mapToLong(Policy::maxQueueRows).sum();
    BatchingConfig config =
        new BatchingConfig(
            maxRows,
            (int) Math.min(allRows, Integer.MAX_VALUE),
            micros(batching, "max_queue_delay_microseconds"),
            batching.integers("preferred_batch_size").stream().sorted().toList(),
            costBound(batching),
            queueing(batching, levels));
    Section policy = batching.section("default_queue_policy");
    return new ModelConfig.Queue(config, micros(policy, "default_timeout_microseconds"), requests);
  }

  private QueueingConfig queueing(Section batching, List<Policy> levels) {
    boolean adaptive = batching.flag("adaptive_concurrency_limit");
    Policy first = levels.getFirst();
    boolean plain = levels.size() == 1 && !adaptive && fairShare == null;
    if (plain && first.timeoutAction() == TimeoutAction.REJECT && first.timeoutOverride()) {
      return QueueingConfig.PLAIN; // Bound and time-out stand in the batching values.
    }
    return new QueueingConfig(
        levels,
        batching.has("default_priority_level")
            ? Math.clamp(batching.integer("default_priority_level"), 1, levels.size())
            : (levels.size() + 1) / 2,
        micros(batching, "priority_aging_microseconds"),
        fairShare,
        adaptive);
  }

  private static List<Policy> levels(Section batching, int maxRows) {
    int count = Math.max(1, batching.integer("priority_levels"));
    Policy other = policy(batching.section("default_queue_policy"), maxRows);
    Map<String, Section> own = batching.sectionMap("priority_queue_policy");
    List<Policy> levels = new ArrayList<>();
    for (int level = 1; level <= count; level++) {
      Section section = own.get(String.valueOf(level));
      levels.add(section == null ? other : policy(section, maxRows));
    }
    return levels;
  }

  private static Policy policy(Section policy, int maxRows) {
    int bound = policy.integer("max_queue_size");
    return new Policy(
        policy.has("max_queue_size") ? bound : Math.max(bound, maxRows),
        TimeoutAction.valueOf(policy.text("timeout_action")),
        micros(policy, "default_timeout_microseconds"),
        policy.flag("allow_timeout_override"));
  }

  private static @Nullable CostBound costBound(Section batching) {
    long most = batching.wide("max_batch_cost");
    return most == 0
        ? null
        : new CostBound(most, batching.text("cost_input"), batching.integer("cost_dimension"));
  }

  private static long micros(Section section, String key) {
    return TimeUnit.MICROSECONDS.toNanos(section.wide(key));
  }
}
