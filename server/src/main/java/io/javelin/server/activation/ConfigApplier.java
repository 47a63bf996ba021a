package io.javelin.server.activation;

import io.javelin.loader.lifecycle.DesiredModel;
import io.javelin.loader.lifecycle.Lease;
import io.javelin.loader.lifecycle.ServingSet;
import io.javelin.router.LiveRouting;
import io.javelin.router.RouteSpec;
import io.javelin.router.RoutingTable;
import io.javelin.router.RoutingTableCompiler;
import io.javelin.server.config.ModelConfig;
import io.javelin.server.config.ServingConfig;
import io.javelin.server.pipeline.ModelRuntime;
import io.javelin.server.pipeline.RuntimeSettings;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Applies configurations, all or nothing.
///
/// A new configuration is first checked against the running one, then its versions are loaded
/// beside those that serve, and only when every routed version is ready is the routing table
/// swapped and the rest let go. Until then the old generation serves and the new one is "pending";
/// newer content supersedes a pending one. The very first configuration has nothing to protect and
/// is in force at once: its models answer as they become ready.
public final class ConfigApplier {
  /// Where decisions go.
  ///
  /// @param desired the loader's desired state
  /// @param serving what the loader has ready
  /// @param routing the table that requests read
  public record Targets(
      Consumer<List<DesiredModel>> desired,
      Supplier<ServingSet<ModelRuntime>> serving,
      LiveRouting routing) {}

  /// Told what happened, under the applier's monitor; must not block.
  public interface Listener {
    /// A generation is in force; told again when its content returns after a refused one.
    void onApplied(long generation, ServingConfig config);

    /// A generation is accepted and waits for its versions.
    void onPending(long generation, List<String> reasons);

    /// Content was refused; nothing changed.
    void onRefused(List<String> reasons);
  }

  private final Targets targets;
  private final Listener listener;
  private final InstantSource wallClock;
  private final RoutingTableCompiler compiler = new RoutingTableCompiler();

  private volatile @Nullable Generation applied; // Written under this.
  private volatile @Nullable Generation pending; // Written under this.
  private long lastNumber; // Guarded by this.
  private @Nullable Instant appliedAt; // Guarded by this.
  private @Nullable Instant refusedAt; // Guarded by this.
  private List<String> refusalReasons = List.of(); // Guarded by this.

  public ConfigApplier(Targets targets, Listener listener, InstantSource wallClock) {
    this.targets = targets;
    this.listener = listener;
    this.wallClock = wallClock;
  }

  /// New valid content: applied, made pending or refused.
  public synchronized void apply(ServingConfig config, String sha256) {
    Generation current = applied;
    if (isKnown(sha256)) {
      takeBackRefusal();
      return;
    }
    List<String> fixed =
        current == null ? List.of() : StartOnlyChanges.between(current.config(), config);
    if (!fixed.isEmpty()) {
      refuse(fixed);
      return;
    }
    long number = lastNumber + 1;
    List<RouteSpec> routes =
        config.models().stream().map(ModelConfig::routing).filter(Objects::nonNull).toList();
    switch (compiler.compile(number, routes, current == null ? null : current.table())) {
      case RoutingTableCompiler.Result.Rejected rejected ->
          refuse(
              rejected.errors().stream()
                  .map(error ->
                      "models[%s].routing.%s: %s"
                          .formatted(error.model(), error.field(), error.message()))
                  .toList());
      case RoutingTableCompiler.Result.Compiled compiled ->
          accept(new Generation(number, sha256, config, compiled.table()));
    }
  }

  /// Content that is not a valid configuration.
  public synchronized void refuse(List<String> reasons) {
    refusedAt = wallClock.instant();
    refusalReasons = List.copyOf(reasons);
    listener.onRefused(refusalReasons);
  }

  /// Versions have changed state: a pending generation may be complete now, and a version that was
  /// loading when a generation came into force still has the settings of the one before.
  public synchronized void onVersionsChanged() {
    Generation waiting = pending;
    Generation current = applied;
    if (waiting != null
        && DesiredVersions.missing(waiting.config(), targets.serving().get()).isEmpty()) {
      commit(waiting);
    } else if (current != null) {
      reconfigure(current.config());
    }
  }

  /// Settings of a configured model, the pending ones first: a version that loads now loads for
  /// them.
  ///
  /// @throws IllegalArgumentException for a model that no generation configures
  public synchronized RuntimeSettings settings(String model) {
    for (Generation generation : new Generation[] {pending, applied}) {
      if (generation != null) {
        for (ModelConfig config : generation.config().models()) {
          if (config.name().equals(model)) {
            return SettingsMapper.toSettings(config);
          }
        }
      }
    }
    throw new IllegalArgumentException("model '%s' is not configured".formatted(model));
  }

  /// Names of all models that the applied or the pending generation configures, sorted. Takes no
  /// lock: event loops ask when they refuse a request.
  public List<String> models() {
    Generation waiting = pending; // First: a commit may move it to `applied` meanwhile.
    return Stream.of(applied, waiting)
        .filter(Objects::nonNull)
        .flatMap(generation -> generation.config().models().stream())
        .map(ModelConfig::name)
        .distinct()
        .sorted()
        .toList();
  }

  /// Whether every model of the configuration in force has a ready version and every version that
  /// it routes to is ready. Does not wait for a change in progress.
  public boolean isComplete() {
    Generation current = applied;
    return current != null
        && DesiredVersions.missing(current.config(), targets.serving().get()).isEmpty();
  }

  /// The state for the admin API.
  public synchronized ConfigStatus status() {
    Generation current = applied;
    Generation waiting = pending;
    return new ConfigStatus(
        current == null ? 0 : current.number(),
        current == null ? "" : current.sha256(),
        appliedAt,
        waiting == null ? 0 : waiting.number(),
        waiting == null
            ? List.of()
            : DesiredVersions.missing(waiting.config(), targets.serving().get()),
        refusedAt,
        refusalReasons);
  }

  /// The newest content is the known one again, so it is no longer true that it was refused.
  private void takeBackRefusal() {
    Generation current = applied;
    if (refusedAt != null && pending == null && current != null) {
      listener.onApplied(current.number(), current.config());
    }
    refusedAt = null;
    refusalReasons = List.of();
  }

  private boolean isKnown(String sha256) {
    Generation newest = pending != null ? pending : applied;
    return newest != null && newest.sha256().equals(sha256);
  }

  private void accept(Generation next) {
    lastNumber = next.number();
    refusedAt = null;
    refusalReasons = List.of();
    Generation current = applied;
    if (current == null) {
      pending = next;
      targets.desired().accept(DesiredVersions.of(next.config()));
      commit(next);
      return;
    }
    pending = next;
    targets.desired().accept(DesiredVersions.union(current.config(), next.config()));
    List<String> missing = DesiredVersions.missing(next.config(), targets.serving().get());
    if (missing.isEmpty()) {
      commit(next);
    } else {
      listener.onPending(next.number(), missing);
    }
  }

  private void commit(Generation next) {
    applied = next;
    pending = null;
    appliedAt = wallClock.instant();
    RoutingTable table = next.table();
    targets.routing().swap(table);
    targets.desired().accept(DesiredVersions.of(next.config()));
    reconfigure(next.config());
    listener.onApplied(next.number(), next.config());
  }

  private void reconfigure(ServingConfig config) {
    ServingSet<ModelRuntime> serving = targets.serving().get();
    for (ModelConfig model : config.models()) {
      for (long version : serving.readyVersions(model.name())) {
        try (Lease<ModelRuntime> lease = serving.lease(model.name(), version)) {
          if (lease != null) {
            lease.servable().reconfigure(SettingsMapper.toSettings(model));
          }
        }
      }
    }
  }
}
