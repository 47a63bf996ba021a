package io.javelin.server;

import io.javelin.loader.lifecycle.VersionStatus;
import io.javelin.server.config.ServingConfig;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Passes configuration and version changes on to health, metrics and the log. Bound to its wiring
/// after both exist.
final class StateReporter implements Wiring.StateListener {
  private static final Logger LOG = LoggerFactory.getLogger(JavelinServer.class);

  private final CompletableFuture<Void> ready = new CompletableFuture<>();
  private @Nullable Wiring wiring;

  void bind(Wiring bound) {
    wiring = bound;
  }

  /// Completes when the server is ready for the first time.
  CompletableFuture<Void> ready() {
    return ready;
  }

  @Override
  public void onState(VersionStatus status) {
    Wiring parts = wiring();
    parts.operations.onVersionState(status.model(), status.version(), status.state().name());
    parts.applier.onVersionsChanged();
    refreshHealth(parts);
  }

  @Override
  public void onApplied(long generation, ServingConfig config) {
    LOG.info("configuration generation {} is in force", generation);
    Wiring parts = wiring();
    parts.operations.onConfigApplied(generation);
    parts.operations.retainRoutes((model, experiment) -> isConfigured(config, model));
    parts.shadows.forgetRemoved();
    refreshHealth(parts);
  }

  @Override
  public void onPending(long generation, List<String> reasons) {
    LOG.info("configuration generation {} waits: {}", generation, String.join("; ", reasons));
  }

  @Override
  public void onRefused(List<String> reasons) {
    LOG.warn("configuration refused, nothing changed:\n  {}", String.join("\n  ", reasons));
    wiring().operations.onConfigRefused();
  }

  private void refreshHealth(Wiring parts) {
    parts.health.refresh(parts.directory.models());
    if (!ready.isDone() && parts.readiness.serverReady()) {
      ready.complete(null);
    }
  }

  private static boolean isConfigured(ServingConfig config, String model) {
    return config.models().stream().anyMatch(known -> known.name().equals(model));
  }

  private Wiring wiring() {
    Wiring parts = wiring;
    if (parts == null) {
      throw new IllegalStateException("not bound");
    }
    return parts;
  }
}
