package io.javelin.server.grpc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.javelin.batching.BatchingConfig;
import io.javelin.loader.engine.InstanceConfig;
import io.javelin.loader.engine.echo.EchoEngine;
import io.javelin.loader.store.ModelArtifact;
import io.javelin.router.LiveRouting;
import io.javelin.router.RoutingTable;
import io.javelin.server.metrics.MetricsRegistry;
import io.javelin.server.metrics.PrometheusTelemetry;
import io.javelin.server.pipeline.Execution;
import io.javelin.server.pipeline.ModelRuntime;
import io.javelin.server.pipeline.Rehearsal;
import io.javelin.server.pipeline.RequestLoops;
import io.javelin.server.pipeline.RuntimeFactory;
import io.javelin.server.pipeline.RuntimeSettings;
import io.javelin.server.pipeline.RuntimeSettings.Warmup;
import io.javelin.server.pipeline.ShadowDispatcher;
import io.javelin.server.quality.PredictionSpec;
import io.javelin.server.tracing.TracingOff;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A rehearsal goes through the real transport and leaves no trace in anybody's figures.
@Timeout(60)
class LoopbackCallerTest {
  private static final long HOUR_NANOS = TimeUnit.HOURS.toNanos(1);
  private static final String SUCCESS = "nv_inference_request_success{";

  @TempDir private Path directory;
  private final MetricsRegistry real = new MetricsRegistry();
  private final MetricsRegistry scratch = MetricsRegistry.scratch();
  private final AtomicReference<String> seenDuring = new AtomicReference<>("");

  private static String page(MetricsRegistry registry) {
    return new String(registry.scrape(null).body(), StandardCharsets.UTF_8);
  }

  /// Warms the echo model up and looks at the scratch figures while they are there.
  private void warmUp(long requestPathNanos, LongSupplier clock) throws Exception {
    Files.writeString(
        directory.resolve("model.echo"), "input.0 = x FP32 -1,4\noutput.0 = y copy\n");
    PrometheusTelemetry telemetry = new PrometheusTelemetry(real);
    LoopbackCaller caller = new LoopbackCaller(TracingOff.INSTANCE, clock);
    Rehearsal rehearsal =
        new Rehearsal(
            new PrometheusTelemetry(scratch),
            (stage, runtime, requests, until) -> {
              caller.call(stage, runtime, requests, until);
              seenDuring.set(page(scratch));
            },
            clock);
    ShadowDispatcher shadows =
        new ShadowDispatcher(
            new LiveRouting(RoutingTable.empty(1)),
            telemetry,
            new ShadowDispatcher.Limits(1, 1, 1),
            clock);
    RuntimeFactory factory =
        new RuntimeFactory(
            Map.of("echo", new EchoEngine()),
            name -> settings(requestPathNanos),
            new RuntimeFactory.Surroundings(telemetry, shadows, RequestLoops.NONE),
            rehearsal,
            clock);
    ModelRuntime runtime = factory.load(new ModelArtifact("echo", 1, directory));
    factory.warmUp(runtime);
    assertTrue(page(real).contains(SUCCESS), "the version has figures");
    assertFalse(page(scratch).contains(SUCCESS), "the scratch figures are gone");
    assertEquals("0.0", value(page(real)), "users' figures");
    factory.unload(runtime);
    shadows.close();
  }

  /// Batches wait an hour for company: a rehearsal must not.
  private static RuntimeSettings settings(long requestPathNanos) {
    return new RuntimeSettings(
        new RuntimeSettings.Instances(
            "echo",
            2,
            new InstanceConfig(8, InstanceConfig.Provider.CPU, Map.of(), Map.of(), 1),
            Execution.AUTO),
        new BatchingConfig(8, 64, HOUR_NANOS, List.of()),
        0,
        new Warmup(List.of(1), 20, requestPathNanos),
        PredictionSpec.AUTOMATIC);
  }

  private static String value(String page) {
    String line = page.lines().filter(found -> found.startsWith(SUCCESS)).findFirst().orElse(" -");
    return line.substring(line.lastIndexOf(' ') + 1);
  }

  @Test
  void sendsTheConfiguredRequests() throws Exception {
    warmUp(HOUR_NANOS, System::nanoTime);
    assertEquals("20.0", value(seenDuring.get()), seenDuring.get());
  }

  @Test
  void sendsNothingWhenSwitchedOff() throws Exception {
    warmUp(0, System::nanoTime);
    assertEquals("", seenDuring.get());
  }
}
