package io.javelin.server.pipeline;

import io.javelin.batching.BatchItem;
import io.javelin.batching.BatchingConfig;
import io.javelin.loader.engine.EngineException;
import io.javelin.loader.engine.InstanceConfig;
import io.javelin.loader.lifecycle.Lease;
import io.javelin.loader.lifecycle.ServingSet;
import io.javelin.loader.lifecycle.VersionStatus;
import io.javelin.loader.store.ModelArtifact;
import io.javelin.router.LiveRouting;
import io.javelin.router.RouteSpec;
import io.javelin.router.RoutingTable;
import io.javelin.router.RoutingTableCompiler;
import io.javelin.router.Shadow;
import io.javelin.server.pipeline.InferRequest.Input;
import io.javelin.server.pipeline.InferRequest.Parameters;
import io.javelin.server.pipeline.PipelineFixture.Sent;
import io.javelin.server.quality.PredictionSpec;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// Version 1 of `add` answers; every request is mirrored to the shadow `challenger`. Version 2 runs
/// on an engine of the test's.
final class ShadowFixture implements AutoCloseable {
  final AtomicInteger openLeases = new AtomicInteger();
  final AtomicInteger openPayloads = new AtomicInteger();
  final CountingTelemetry telemetry = new CountingTelemetry();

  private final LiveRouting routing;
  private final ShadowDispatcher shadows;
  private final ModelRuntime live;
  private final ModelRuntime shadow;
  private final InferencePipeline pipeline;

  /// @param shadowVersion version that the shadow names; only 2 is ready
  ShadowFixture(ShadowDispatcher.Limits limits, PuppetEngine shadowEngine, long shadowVersion)
      throws EngineException {
    routing = new LiveRouting(table(shadowVersion));
    shadows = new ShadowDispatcher(routing, telemetry, limits, System::nanoTime);
    live = open(new PuppetEngine(Integer.MAX_VALUE / 2), 1);
    shadow = open(shadowEngine, 2);
    pipeline =
        new InferencePipeline(
            routing, Both::new, new Nothing(), telemetry, route -> {}, System::nanoTime);
  }

  private static RoutingTable table(long shadowVersion) {
    RouteSpec spec =
        new RouteSpec(
            "add",
            "e",
            "s",
            true,
            "control",
            List.of(new RouteSpec.VariantSpec("control", 1, 0, null)),
            List.of(new Shadow("challenger", shadowVersion, 10_000)),
            Map.of(),
            List.of(),
            null);
    return switch (new RoutingTableCompiler().compile(1, List.of(spec), null)) {
      case RoutingTableCompiler.Result.Compiled compiled -> compiled.table();
      case RoutingTableCompiler.Result.Rejected rejected ->
          throw new AssertionError(rejected.errors());
    };
  }

  private ModelRuntime open(PuppetEngine engine, long version) throws EngineException {
    RuntimeSettings settings =
        new RuntimeSettings(
            new RuntimeSettings.Instances(
                "puppet",
                1,
                new InstanceConfig(8, InstanceConfig.Provider.CPU, Map.of(), Map.of(), 1),
                Execution.AUTO),
            new BatchingConfig(8, 1_000, 0, List.of()),
            0,
            new RuntimeSettings.Warmup(List.of(1), 0, 0),
            PredictionSpec.AUTOMATIC);
    return ModelRuntime.open(
        new ModelRuntime.Parts(
            engine,
            new ModelArtifact("add", version, Path.of("unused")),
            settings,
            telemetry,
            new RuntimeFactory.Surroundings(telemetry, shadows, RequestLoops.NONE),
            System::nanoTime));
  }

  /// Starts the dispatcher; before that, copies only wait.
  void start() {
    shadows.start(Both::new);
  }

  /// Sends one-row requests, one after the other, and waits for each answer.
  void sendAndAwait(int count) {
    for (int i = 0; i < count; i++) {
      float[] values = {i, i};
      MemorySegment bytes = MemorySegment.ofArray(values);
      openPayloads.incrementAndGet();
      Sent sent = new Sent(1);
      InferRequest request =
          new InferRequest(
              "add",
              "",
              "request-" + i,
              List.of(
                  new Input(
                      "x",
                      "FP32",
                      new long[] {1, PuppetEngine.WIDTH},
                      new PipelineFixture.SegmentBytes(bytes))),
              List.of(),
              Parameters.NONE);
      pipeline.accept(
          new InferCall(
              request,
              new Payload(bytes.byteSize(), openPayloads::decrementAndGet),
              sent,
              null,
              System.nanoTime(),
              BatchItem.NO_DEADLINE));
      sent.answer.join();
    }
  }

  /// Copies whose fate is known.
  int accounted() {
    return telemetry.compared.get() + telemetry.dropped.get() + telemetry.shadowFailed.get();
  }

  /// The answer goes out before the copy is made.
  void awaitSampled(int count) {
    while (telemetry.sampled.get() < count) {
      Thread.onSpinWait();
    }
  }

  /// Waits until every one of `count` copies is compared, dropped or failed, and its memory free.
  void awaitAccounted(int count) {
    awaitSampled(count);
    while (accounted() < count || openPayloads.get() > 0 || openLeases.get() > 0) {
      Thread.onSpinWait();
    }
  }

  @Override
  public void close() {
    live.close(); // First, so that no copy is made of what is still running.
    shadows.close();
    shadow.close();
  }

  private final class Both implements ServingSet<ModelRuntime> {
    @Override
    public @Nullable Lease<ModelRuntime> lease(String model, long version) {
      if (version > 2) {
        return null;
      }
      openLeases.incrementAndGet();
      return new Lease<>() {
        @Override
        public ModelRuntime servable() {
          return version == 1 ? live : shadow;
        }

        @Override
        public long version() {
          return version;
        }

        @Override
        public void close() {
          openLeases.decrementAndGet();
        }
      };
    }

    @Override
    public SortedSet<Long> readyVersions(String model) {
      return new TreeSet<>(List.of(1L, 2L));
    }

    @Override
    public List<String> readyModels() {
      return List.of("add");
    }
  }

  private static final class Nothing implements ModelDirectory {
    @Override
    public List<String> models() {
      return List.of();
    }

    @Override
    public List<VersionStatus> versions(String model) {
      return List.of();
    }
  }
}
