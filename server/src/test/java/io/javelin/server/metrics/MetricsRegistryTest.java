package io.javelin.server.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.javelin.server.metrics.MetricsRegistry.Scrape;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class MetricsRegistryTest {
  private final MetricsRegistry registry = new MetricsRegistry();
  private final PrometheusTelemetry telemetry = new PrometheusTelemetry(registry);

  @AfterEach
  void close() {
    registry.close();
  }

  @Test
  void answersInTheTextFormatUnlessAskedOtherwise() {
    telemetry.version("m", 1).variant("default").onSuccess(1, 0, 0, 0, 0, 0);
    for (String accept : new String[] {null, "*/*", "text/plain", "application/json"}) {
      Scrape scrape = registry.scrape(accept);
      assertEquals("text/plain; version=0.0.4; charset=utf-8", scrape.contentType());
      assertTrue(text(scrape).contains("# TYPE nv_inference_request_success counter\n"));
      assertFalse(text(scrape).contains("# EOF"));
    }
  }

  @Test
  void answersInOpenMetricsWhenAsked() {
    telemetry.version("m", 1);

    Scrape scrape =
        registry.scrape("application/openmetrics-text;version=1.0.0;q=0.6,text/plain;q=0.3");

    assertEquals(
        "application/openmetrics-text; version=1.0.0; charset=utf-8", scrape.contentType());
    assertTrue(text(scrape).endsWith("# EOF\n"));
    assertTrue(text(scrape).contains("# TYPE nv_inference_request_success unknown\n"));
    assertTrue(text(scrape).contains("nv_inference_request_success{model=\"m\""));
  }

  @Test
  void answersInProtobufWithNativeHistogramsWhenAsked() {
    telemetry.version("m", 1).variant("default").onSuccess(1, 0, 0, 0, 0, 5_000_000);

    Scrape scrape =
        registry.scrape(
            "application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;"
                + "encoding=delimited,application/openmetrics-text;q=0.5");

    assertTrue(scrape.contentType().startsWith("application/vnd.google.protobuf;"));
    String body = new String(scrape.body(), StandardCharsets.ISO_8859_1);
    assertTrue(body.contains("javelin_inference_latency_seconds"));
    // Field 5 of the histogram is the schema, zigzag encoded 3 = 6; field 6 the zero threshold.
    String schema3 = new String(new byte[] {0x28, 6, 0x31}, StandardCharsets.ISO_8859_1);
    assertTrue(body.contains(schema3), "a native histogram of schema 3");
  }

  @Test
  void carriesTheMetersOfJvmAndProcess() {
    TextScrape scrape = TextScrape.of(registry);
    for (String name :
        new String[] {
          "jvm_memory_used_bytes", "process_uptime_seconds", "jvm_threads_live_threads"
        }) {
      assertTrue(scrape.lines().stream().anyMatch(line -> line.startsWith(name)), name);
    }
  }

  @Test
  void refusesANameThatIsTaken() {
    assertThrows(IllegalArgumentException.class, () -> new PrometheusTelemetry(registry));
  }

  private static String text(Scrape scrape) {
    return new String(scrape.body(), StandardCharsets.UTF_8);
  }
}
