package io.javelin.server.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import io.javelin.router.RouteDecision;
import io.javelin.router.RouteDecision.Reason;
import io.javelin.server.pipeline.Telemetry.VariantTelemetry;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.IntConsumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RecordingCostTest {
  private static final int CALLS = 100_000;
  private static final int THREADS = 4;

  private final MetricsRegistry registry = new MetricsRegistry();
  private final PrometheusTelemetry telemetry = new PrometheusTelemetry(registry);

  @AfterEach
  void close() {
    registry.close();
  }

  @Test
  void aSuccessDoesNotAllocate() {
    VariantTelemetry variant = telemetry.version("m", 1).variant("default");
    assertNoAllocation(i -> variant.onSuccess(1, i * 7L, i, i * 3L, i, i * 100L));
  }

  @Test
  void aPredictionDoesNotAllocate() {
    VariantTelemetry variant = telemetry.version("m", 1).variant("default");
    assertNoAllocation(i -> variant.onPrediction(i & 127, i / (double) CALLS));
  }

  @Test
  void aRouteDoesNotAllocate() {
    OperationsMetrics operations = new OperationsMetrics(registry);
    RouteDecision decision =
        new RouteDecision("m", "exp", "b", 1, 77, Reason.ASSIGNED, List.of(), 3);
    assertNoAllocation(_ -> operations.onRoute(decision));
  }

  @Test
  void totalsAreExactUnderFourThreads() throws Exception {
    VariantTelemetry variant = telemetry.version("m", 1).variant("default");
    CyclicBarrier start = new CyclicBarrier(THREADS);
    try (ExecutorService threads = Executors.newFixedThreadPool(THREADS)) {
      List<Future<?>> running = new ArrayList<>();
      for (int t = 0; t < THREADS; t++) {
        running.add(
            threads.submit(() -> {
              start.await();
              for (int i = 0; i < CALLS; i++) {
                variant.onSuccess(2, 1_000, 0, 0, 0, i * 1_000L);
                variant.onPrediction(i % 3, 0.5);
              }
              return null;
            }));
      }
      for (Future<?> one : running) {
        one.get();
      }
    }
    TextScrape scrape = TextScrape.of(registry);
    String labels = "variant=\"default\",version=\"1\"}";
    double calls = (double) THREADS * CALLS;
    assertEquals(calls, scrape.value("nv_inference_request_success{model=\"m\"," + labels));
    assertEquals(2 * calls, scrape.value("nv_inference_count{model=\"m\"," + labels));
    assertEquals(calls, scrape.value("nv_inference_queue_duration_us{model=\"m\"," + labels));
    assertEquals(
        calls,
        scrape.value(
            "javelin_inference_latency_seconds_count{model=\"m\",stage=\"total\"," + labels));
    assertEquals(calls, scrape.value("javelin_prediction_score_count{model=\"m\"," + labels));
    assertEquals(
        THREADS * Math.ceil(CALLS / 3.0),
        scrape.value("javelin_prediction_class_total{class=\"0\",model=\"m\"," + labels));
  }

  /// A few bytes per call are left for what the compiler and the measurement itself allocate.
  private static void assertNoAllocation(IntConsumer call) {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    for (int i = 0; i < CALLS; i++) {
      call.accept(i);
    }
    long before = threads.getCurrentThreadAllocatedBytes();
    for (int i = 0; i < CALLS; i++) {
      call.accept(i);
    }
    long bytes = threads.getCurrentThreadAllocatedBytes() - before;
    assertTrue(bytes < 2L * CALLS, bytes + " bytes in " + CALLS + " calls");
  }
}
