package io.javelin.server.config;

import java.util.Arrays;

/// Checks between the fields of one model that say how its requests wait.
final class QueueChecks {
  private final Findings findings;

  QueueChecks(Findings findings) {
    this.findings = findings;
  }

  void check(Section model) {
    Section batching = model.section("dynamic_batching");
    queueBound(model, batching.section("default_queue_policy"));
    batching
        .sectionMap("priority_queue_policy")
        .forEach((level, policy) -> {
          levelExists(batching, level, policy.pointer());
          queueBound(model, policy);
        });
    defaultLevel(batching);
    cost(batching);
  }

  private void queueBound(Section model, Section policy) {
    String pointer = policy.pointer("max_queue_size");
    if (!policy.has("max_queue_size") || !sound(pointer, model.pointer("max_batch_size"))) {
      return;
    }
    int rows = model.integer("max_batch_size");
    int bound = policy.integer("max_queue_size");
    if (bound < rows) {
      findings.report(pointer, "at least max_batch_size, " + rows, String.valueOf(bound));
    }
  }

  private void levelExists(Section batching, String level, String pointer) {
    int levels = batching.integer("priority_levels");
    boolean known = level.matches("[0-9]{1,2}") && Integer.parseInt(level) <= levels;
    if (!known && sound(pointer, batching.pointer("priority_levels"))) {
      findings.report(pointer, "a level up to priority_levels, " + levels, level);
    }
  }

  private void defaultLevel(Section batching) {
    String pointer = batching.pointer("default_priority_level");
    int levels = batching.integer("priority_levels");
    int level = batching.integer("default_priority_level");
    if (batching.has("default_priority_level")
        && level > levels
        && sound(pointer, batching.pointer("priority_levels"))) {
      findings.report(pointer, "at most priority_levels, " + levels, String.valueOf(level));
    }
  }

  private void cost(Section batching) {
    String pointer = batching.pointer("cost_input");
    boolean bounded = batching.wide("max_batch_cost") > 0;
    if (bounded && !batching.has("cost_input") && sound(pointer)) {
      findings.report(pointer, "the name of an input, because of max_batch_cost", "nothing");
    }
  }

  private boolean sound(String... pointers) {
    return Arrays.stream(pointers).allMatch(findings::sound);
  }
}
