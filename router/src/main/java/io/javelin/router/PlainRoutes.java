package io.javelin.router;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;

/// The decisions for models without an experiment, remembered so that a request allocates nothing.
///
/// Clients choose the names, so the memory is bounded; beyond the bound a decision is made anew
/// each time. A reader that loses the race to remember leaves it to the next request.
final class PlainRoutes {
  static final int MAX_REMEMBERED = 512;

  private final long generation;
  private final AtomicReference<Map<String, RouteDecision>> remembered =
      new AtomicReference<>(Map.of());

  PlainRoutes(long generation) {
    this.generation = generation;
  }

  RouteDecision of(String model) {
    RouteDecision known = remembered.get().get(model);
    return known != null ? known : remember(model);
  }

  private RouteDecision remember(String model) {
    RouteDecision decision =
        new RouteDecision(
            model,
            "",
            RouteDecision.NO_EXPERIMENT_VARIANT,
            Variant.LATEST,
            RouteDecision.NO_BUCKET,
            RouteDecision.Reason.NO_EXPERIMENT,
            List.of(),
            generation);
    Map<String, RouteDecision> before = remembered.get();
    if (before.size() < MAX_REMEMBERED) {
      Map<String, RouteDecision> after = new HashMap<>(before);
      after.put(model, decision);
      remembered.compareAndSet(before, after);
    }
    return decision;
  }
}
