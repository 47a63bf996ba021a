package io.javelin.server.pipeline;

import io.javelin.loader.engine.EngineException;
import io.javelin.loader.lifecycle.Lease;
import io.javelin.loader.lifecycle.ServingSet;
import io.javelin.loader.lifecycle.VersionStatus;
import io.javelin.router.LiveRouting;
import io.javelin.router.RoutingTable;
import io.javelin.server.pipeline.Telemetry.VersionTelemetry;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// Drives a loaded version through the whole request path before users do: what a first request has
/// to load, link and compile is done when they come.
///
/// The version gets a stage of its own: a pipeline that knows nothing else, a batcher of its own
/// over the version's instances, which nobody else uses yet, and counters that are thrown away. So
/// no user's statistics see it, nothing is mirrored or traced, and no user's request is before it
/// in a queue. Blocks: for loader threads only.
public final class Rehearsal {
  private static final long GENERATION = 0;

  private final Telemetry scratch;
  private final Caller caller;
  private final LongSupplier nanoClock;

  /// Sends requests to a pipeline as a client would.
  @FunctionalInterface
  public interface Caller {
    /// Sends up to `requests` requests of one row, one after the other, none after `untilNanos`.
    /// What they answer is not looked at.
    void call(InferencePipeline stage, ModelRuntime runtime, int requests, long untilNanos);
  }

  /// @param scratch counters that nobody reads
  public Rehearsal(Telemetry scratch, Caller caller, LongSupplier nanoClock) {
    this.scratch = scratch;
    this.caller = caller;
    this.nanoClock = nanoClock;
  }

  /// Rehearses as `runtime`'s settings say.
  void run(ModelRuntime runtime) throws EngineException {
    RuntimeSettings.Warmup warmup = runtime.settings().warmup();
    if (warmup.requestPathNanos() == 0 || warmup.iterations() == 0) {
      return;
    }
    long untilNanos = nanoClock.getAsLong() + warmup.requestPathNanos();
    VersionTelemetry counters = scratch.version(runtime.model(), runtime.version());
    ModelRuntime understudy = runtime.understudy(counters);
    try {
      Stage stage = new Stage(understudy);
      InferencePipeline pipeline =
          new InferencePipeline(
              new LiveRouting(RoutingTable.empty(GENERATION)),
              () -> stage,
              stage,
              scratch,
              route -> {},
              nanoClock);
      caller.call(pipeline, understudy, warmup.iterations(), untilNanos);
    } finally {
      understudy.dismiss();
    }
  }

  /// Serves one version, for as long as it is rehearsed.
  private record Stage(ModelRuntime runtime) implements ServingSet<ModelRuntime>, ModelDirectory {
    @Override
    public @Nullable Lease<ModelRuntime> lease(String model, long version) {
      return model.equals(runtime.model()) ? new Loan(runtime) : null;
    }

    @Override
    public SortedSet<Long> readyVersions(String model) {
      return new TreeSet<>(List.of(runtime.version()));
    }

    @Override
    public List<String> readyModels() {
      return models();
    }

    @Override
    public List<String> models() {
      return List.of(runtime.model());
    }

    @Override
    public List<VersionStatus> versions(String model) {
      return List.of();
    }
  }

  /// Nothing is counted: the rehearsal ends before its version can be unloaded.
  private record Loan(ModelRuntime servable) implements Lease<ModelRuntime> {
    @Override
    public long version() {
      return servable.version();
    }

    @Override
    public void close() {}
  }
}
