package io.javelin.server.pipeline;

import io.javelin.loader.lifecycle.ServingSet;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/// Whether the server, a model or a version can answer. The one source for every front's health
/// answers. Thread-safe.
public final class Readiness {
  private final Supplier<ServingSet<ModelRuntime>> serving;
  private final BooleanSupplier complete;
  private final boolean strict;
  private volatile boolean draining;

  /// @param complete whether everything that the configuration in force routes to can answer
  /// @param strict when true, the server is ready only while it is complete; otherwise one ready
  ///   model is enough
  public Readiness(
      Supplier<ServingSet<ModelRuntime>> serving, BooleanSupplier complete, boolean strict) {
    this.serving = serving;
    this.complete = complete;
    this.strict = strict;
  }

  /// From now on the server counts as not ready, so that balancers look elsewhere.
  public void startDraining() {
    draining = true;
  }

  /// Whether the server can answer.
  public boolean serverReady() {
    if (draining) {
      return false;
    }
    return strict ? complete.getAsBoolean() : !serving.get().readyModels().isEmpty();
  }

  /// Whether the model has a ready version, or the given one is ready.
  ///
  /// @param version 0 = any
  public boolean modelReady(String model, long version) {
    var ready = serving.get().readyVersions(model);
    return version == VersionText.NONE ? !ready.isEmpty() : ready.contains(version);
  }
}
