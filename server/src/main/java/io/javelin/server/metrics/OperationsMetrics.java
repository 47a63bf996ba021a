package io.javelin.server.metrics;

import io.javelin.router.RouteDecision;
import io.javelin.router.RouteDecision.Reason;
import io.prometheus.metrics.model.snapshots.Labels;
import java.util.Locale;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.BiPredicate;
import java.util.function.DoubleSupplier;

/// Metrics about the server around the models: configuration, version states, routing, transport.
/// Thread-safe.
public final class OperationsMetrics {
  private final GaugeFamily states;
  private final GaugeFamily transport;
  private final CounterFamily assignments;
  private final LongAdder applied;
  private final LongAdder refused;

  /// Model, experiment, variant: three look-ups by name, because a compound key would be garbage
  /// per request. The last level counts by reason.
  private final ConcurrentHashMap<
          String, ConcurrentHashMap<String, ConcurrentHashMap<String, CountersByReason<Reason>>>>
      routes = new ConcurrentHashMap<>();

  private volatile double generation;
  private volatile double lastReloadSuccessful;

  /// At most one per registry: the names can be registered once.
  public OperationsMetrics(MetricsRegistry registry) {
    registry
        .register(new GaugeFamily("javelin_config_generation", "Generation that is applied"))
        .put(Labels.EMPTY, () -> generation);
    registry
        .register(
            new GaugeFamily(
                "javelin_config_last_reload_successful",
                "1 when the newest configuration was applied, 0 when it was refused"))
        .put(Labels.EMPTY, () -> lastReloadSuccessful);
    CounterFamily reloads =
        registry.register(
            ServingFamilies.total("javelin_config_reloads", "Configurations seen by result"));
    applied = reloads.series(Labels.of("result", "applied"));
    refused = reloads.series(Labels.of("result", "refused"));
    states =
        registry.register(
            new GaugeFamily("javelin_model_state", "1 for the state a version is in"));
    assignments =
        registry.register(
            ServingFamilies.total("javelin_route_assignments", "Routed requests by reason"));
    transport =
        registry.register(
            new GaugeFamily("javelin_transport_memory_bytes", "Memory pooled by the transport"));
  }

  /// A configuration is in force.
  public void onConfigApplied(long newGeneration) {
    generation = newGeneration;
    lastReloadSuccessful = 1;
    applied.increment();
  }

  /// A configuration was refused; the old one stays in force.
  public void onConfigRefused() {
    lastReloadSuccessful = 0;
    refused.increment();
  }

  /// A version is in a new state. Only the current state has a series; `GONE` has none.
  public synchronized void onVersionState(String model, long version, String state) {
    Labels labels = Labels.of("model", model, "version", Long.toString(version));
    states.removeIf(one -> isOf(one, labels));
    if (!state.equalsIgnoreCase("GONE")) {
      states.put(labels.add("state", state.toLowerCase(Locale.ROOT)), () -> 1);
    }
  }

  private static boolean isOf(Labels series, Labels version) {
    return version.stream().allMatch(label -> label.getValue().equals(series.get(label.getName())));
  }

  /// A request was routed. On the hot path: does not block and, once the variant is known, does not
  /// allocate.
  public void onRoute(RouteDecision decision) {
    ConcurrentHashMap<String, ConcurrentHashMap<String, CountersByReason<Reason>>> experiments =
        routes.get(decision.model());
    ConcurrentHashMap<String, CountersByReason<Reason>> variants =
        experiments == null ? null : experiments.get(decision.experiment());
    CountersByReason<Reason> reasons = variants == null ? null : variants.get(decision.variant());
    (reasons == null ? open(decision) : reasons).increment(decision.reason());
  }

  private CountersByReason<Reason> open(RouteDecision decision) {
    return routes
        .computeIfAbsent(decision.model(), _ -> new ConcurrentHashMap<>())
        .computeIfAbsent(decision.experiment(), _ -> new ConcurrentHashMap<>())
        .computeIfAbsent(decision.variant(), _ -> newReasons(decision));
  }

  private CountersByReason<Reason> newReasons(RouteDecision decision) {
    Labels labels =
        Labels.of(
            "model", decision.model(),
            "experiment", decision.experiment(),
            "variant", decision.variant());
    return new CountersByReason<>(
        Reason.class,
        reason -> assignments.series(labels.add("reason", reason.name().toLowerCase(Locale.ROOT))));
  }

  /// Removes the routing series of models and experiments that are no longer configured; call it
  /// after a routing table was swapped.
  ///
  /// @param isRouted told model and experiment
  public void retainRoutes(BiPredicate<String, String> isRouted) {
    routes.forEach((model, experiments) ->
        experiments.keySet().removeIf(experiment -> !isRouted.test(model, experiment)));
    routes.values().removeIf(ConcurrentHashMap::isEmpty);
    assignments.removeIf(
        labels -> !isRouted.test(value(labels, "model"), value(labels, "experiment")));
  }

  private static String value(Labels labels, String name) {
    String value = labels.get(name);
    return value == null ? "" : value;
  }

  /// Exposes what the transport's allocator holds.
  ///
  /// @param direct bytes outside the heap
  /// @param heap bytes in the heap
  public void bindTransportMemory(DoubleSupplier direct, DoubleSupplier heap) {
    transport.put(Labels.of("area", "direct"), direct);
    transport.put(Labels.of("area", "heap"), heap);
  }
}
