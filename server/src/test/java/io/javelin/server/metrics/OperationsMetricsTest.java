package io.javelin.server.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.javelin.router.RouteDecision;
import io.javelin.router.RouteDecision.Reason;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class OperationsMetricsTest {
  private final MetricsRegistry registry = new MetricsRegistry();
  private final OperationsMetrics operations = new OperationsMetrics(registry);

  @AfterEach
  void close() {
    registry.close();
  }

  @Test
  void aRefusedConfigurationKeepsTheGeneration() {
    operations.onConfigApplied(7);
    operations.onConfigRefused();

    TextScrape scrape = TextScrape.of(registry);
    assertTrue(scrape.has("javelin_config_generation 7.0"));
    assertTrue(scrape.has("javelin_config_last_reload_successful 0.0"));
    assertTrue(scrape.has("javelin_config_reloads_total{result=\"applied\"} 1.0"));
    assertTrue(scrape.has("javelin_config_reloads_total{result=\"refused\"} 1.0"));

    operations.onConfigApplied(8);
    assertTrue(TextScrape.of(registry).has("javelin_config_last_reload_successful 1.0"));
  }

  @Test
  void aVersionHasOnlyItsCurrentState() {
    operations.onVersionState("m", 1, "LOADING");
    operations.onVersionState("m", 12, "READY");
    operations.onVersionState("m", 1, "READY");

    assertEquals(
        List.of(
            "javelin_model_state{model=\"m\",state=\"ready\",version=\"1\"} 1.0",
            "javelin_model_state{model=\"m\",state=\"ready\",version=\"12\"} 1.0"),
        TextScrape.of(registry).own("javelin_model_state"));

    operations.onVersionState("m", 1, "GONE");
    assertEquals(
        List.of("javelin_model_state{model=\"m\",state=\"ready\",version=\"12\"} 1.0"),
        TextScrape.of(registry).own("javelin_model_state"));
  }

  @Test
  void routesAreCountedByReasonAndForgottenWithTheirExperiment() {
    operations.onRoute(decision("exp", "b", Reason.ASSIGNED));
    operations.onRoute(decision("exp", "b", Reason.ASSIGNED));
    operations.onRoute(decision("exp", "a", Reason.NO_UNIT));
    operations.onRoute(decision("old", "a", Reason.ASSIGNED));

    TextScrape scrape = TextScrape.of(registry);
    assertTrue(scrape.has(route("exp", "b", "assigned") + " 2.0"));
    assertTrue(scrape.has(route("exp", "a", "no_unit") + " 1.0"));
    assertTrue(scrape.has(route("old", "a", "assigned") + " 1.0"));

    operations.retainRoutes((model, experiment) -> model.equals("m") && experiment.equals("exp"));

    scrape = TextScrape.of(registry);
    assertEquals(List.of(), scrape.own("experiment=\"old\""));
    assertTrue(scrape.has(route("exp", "b", "assigned") + " 2.0"));

    operations.onRoute(decision("old", "a", Reason.ASSIGNED));
    assertTrue(TextScrape.of(registry).has(route("old", "a", "assigned") + " 1.0"));
  }

  @Test
  void transportMemoryIsReadAtScrapeTime() {
    operations.bindTransportMemory(() -> 4096, () -> 16);

    TextScrape scrape = TextScrape.of(registry);
    assertTrue(scrape.has("javelin_transport_memory_bytes{area=\"direct\"} 4096.0"));
    assertTrue(scrape.has("javelin_transport_memory_bytes{area=\"heap\"} 16.0"));
  }

  private static RouteDecision decision(String experiment, String variant, Reason reason) {
    return new RouteDecision("m", experiment, variant, 1, 5, reason, List.of(), 1);
  }

  private static String route(String experiment, String variant, String reason) {
    return "javelin_route_assignments_total"
        + "{experiment=\"%s\",model=\"m\",reason=\"%s\",variant=\"%s\"}"
            .formatted(experiment, reason, variant);
  }
}
