package io.javelin.server;

import io.javelin.loader.engine.Engine;
import io.javelin.loader.engine.echo.EchoEngine;
import io.javelin.loader.engine.onnx.OnnxEngine;
import io.javelin.loader.lifecycle.DesiredModel;
import io.javelin.loader.lifecycle.LifecycleListener;
import io.javelin.loader.lifecycle.ModelReconciler;
import io.javelin.loader.lifecycle.ServingSet;
import io.javelin.loader.lifecycle.VersionStatus;
import io.javelin.loader.store.ModelStore;
import io.javelin.loader.store.StoreOpener;
import io.javelin.loader.store.file.FileModelStore;
import io.javelin.router.LiveRouting;
import io.javelin.router.RoutingTable;
import io.javelin.server.activation.ConfigApplier;
import io.javelin.server.config.RegistryConfig;
import io.javelin.server.config.ServingConfig;
import io.javelin.server.config.TenantsConfig;
import io.javelin.server.config.TracingConfig;
import io.javelin.server.grpc.EventLoops;
import io.javelin.server.grpc.HealthPublisher;
import io.javelin.server.grpc.LoopbackCaller;
import io.javelin.server.metrics.MetricsRegistry;
import io.javelin.server.metrics.OperationsMetrics;
import io.javelin.server.metrics.PrometheusTelemetry;
import io.javelin.server.pipeline.InferencePipeline;
import io.javelin.server.pipeline.ModelDirectory;
import io.javelin.server.pipeline.ModelRuntime;
import io.javelin.server.pipeline.Readiness;
import io.javelin.server.pipeline.Rehearsal;
import io.javelin.server.pipeline.RequestTracer;
import io.javelin.server.pipeline.RuntimeFactory;
import io.javelin.server.pipeline.ShadowDispatcher;
import io.javelin.server.pipeline.Telemetry;
import io.javelin.server.pipeline.TenantQuotas;
import io.javelin.server.tracing.OtelRequestTracer;
import io.javelin.server.tracing.TracingOff;
import io.javelin.server.tracing.TracingSettings;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Makes the parts of one server and connects them. Nothing here decides anything; nothing
/// elsewhere constructs across modules or reads a clock.
final class Wiring {
  private static final ShadowDispatcher.Limits SHADOW_LIMITS =
      new ShadowDispatcher.Limits(256, 64L * 1024 * 1024, TimeUnit.SECONDS.toNanos(1));
  private static final Duration LOADER_STOP_TIMEOUT = Duration.ofSeconds(10);
  private static final Duration EXPORT_TIMEOUT = Duration.ofSeconds(5);

  final LongSupplier nanoClock = System::nanoTime;
  final InstantSource wallClock = InstantSource.system();
  final MetricsRegistry metrics = new MetricsRegistry();
  final OperationsMetrics operations = new OperationsMetrics(metrics);
  final Telemetry telemetry;
  final LiveRouting routing = new LiveRouting(RoutingTable.empty(0));
  final ConfigApplier applier;
  final ModelDirectory directory;
  final Readiness readiness;
  final HealthPublisher health;
  final InferencePipeline pipeline;
  final EventLoops loops;
  final RequestTracer tracer;
  final ShadowDispatcher shadows;
  final ModelReconciler<ModelRuntime> reconciler;

  private final Map<String, Engine> engines;
  private final ModelStore store;
  private final ExecutorService loaderPool;
  private final Optional<OtelRequestTracer> tracing;

  /// @param telemetries makes what the request path reports to
  /// @throws IOException when the registry cannot be opened
  Wiring(
      ServingConfig config,
      StateListener states,
      Function<MetricsRegistry, ? extends Telemetry> telemetries)
      throws IOException {
    telemetry = telemetries.apply(metrics);
    RegistryConfig registry = config.registry();
    engines = Map.of("onnxruntime", new OnnxEngine(), "echo", new EchoEngine());
    store =
        new StoreOpener(Map.of("file", FileModelStore::open))
            .open(registry.url(), registry.cacheDirectory());
    loops = new EventLoops("io", config.server().eventLoopThreads());
    shadows = new ShadowDispatcher(routing, telemetry, SHADOW_LIMITS, nanoClock);
    loaderPool =
        Executors.newFixedThreadPool(
            registry.loadThreads(), Thread.ofPlatform().name("loader-", 0).factory());
    applier =
        new ConfigApplier(
            new ConfigApplier.Targets(this::setDesired, this::serving, routing), states, wallClock);
    reconciler =
        new ModelReconciler<>(
            store,
            new RuntimeFactory(
                engines,
                applier::settings,
                new RuntimeFactory.Surroundings(telemetry, shadows, loops),
                rehearsal(),
                nanoClock),
            states,
            loaderPool,
            new ModelReconciler.Timing(
                registry.pollInterval(),
                registry.retryBackoff(),
                registry.maxLoadAttempts(),
                config.server().drainTimeout()),
            nanoClock);
    directory = new LoadedModels();
    readiness =
        new Readiness(this::serving, applier::isComplete, config.server().strictReadiness());
    health = new HealthPublisher(readiness);
    pipeline =
        new InferencePipeline(
            routing,
            this::serving,
            directory,
            telemetry,
            operations::onRoute,
            nanoClock,
            quotas(config.tenants()));
    Optional<OtelRequestTracer> traced =
        Optional.ofNullable(config.tracing())
            .map(tracing -> OtelRequestTracer.open(settings(tracing), nanoClock, wallClock));
    tracer = traced.<RequestTracer>map(open -> open).orElse(TracingOff.INSTANCE);
    tracing = traced;
  }

  private static TenantQuotas quotas(@Nullable TenantsConfig tenants) {
    return tenants == null
        ? TenantQuotas.UNLIMITED
        : new TenantQuotas(
            quota(tenants.quota()),
            tenants.quotas().entrySet().stream()
                .collect(Collectors.toMap(Map.Entry::getKey, own -> own(own.getValue()))),
            tenants.maxTracked());
  }

  private static TenantQuotas.@Nullable Quota quota(TenantsConfig.@Nullable Quota quota) {
    return quota == null ? null : own(quota);
  }

  private static TenantQuotas.Quota own(TenantsConfig.Quota quota) {
    return new TenantQuotas.Quota(quota.requestsPerSecond(), quota.burst());
  }

  private Rehearsal rehearsal() {
    return new Rehearsal(
        new PrometheusTelemetry(MetricsRegistry.scratch()),
        new LoopbackCaller(TracingOff.INSTANCE, nanoClock),
        nanoClock);
  }

  private static TracingSettings settings(TracingConfig tracing) {
    return new TracingSettings(
        tracing.otlpEndpoint(),
        TracingSettings.Protocol.GRPC,
        tracing.sampleRatio(),
        "javelin",
        ServerVersion.TEXT,
        EXPORT_TIMEOUT);
  }

  /// Hears of configurations and version states.
  interface StateListener extends ConfigApplier.Listener, LifecycleListener {}

  ServingSet<ModelRuntime> serving() {
    return reconciler.serving();
  }

  private void setDesired(List<DesiredModel> desired) {
    reconciler.setDesired(desired);
  }

  /// Starts the threads that need a first configuration.
  void start() {
    shadows.start(this::serving);
    reconciler.start();
  }

  /// Stops everything behind the fronts, in reverse order of the start.
  void close() {
    loops.close();
    shadows.close();
    reconciler.close();
    stopLoaderPool();
    store.close();
    engines.values().forEach(Engine::close);
    tracing.ifPresent(OtelRequestTracer::close);
    metrics.close();
  }

  private void stopLoaderPool() {
    loaderPool.shutdown();
    try {
      loaderPool.awaitTermination(LOADER_STOP_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /// Configured models and what the loader knows of them.
  private final class LoadedModels implements ModelDirectory {
    @Override
    public List<String> models() {
      return applier.models();
    }

    @Override
    public List<VersionStatus> versions(String model) {
      return reconciler.statuses().stream()
          .filter(status -> status.model().equals(model))
          .sorted(Comparator.comparingLong(VersionStatus::version))
          .toList();
    }
  }
}
