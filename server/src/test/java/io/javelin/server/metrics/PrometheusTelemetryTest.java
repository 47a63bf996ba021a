package io.javelin.server.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.javelin.batching.CloseCause;
import io.javelin.server.pipeline.Telemetry.FailureReason;
import io.javelin.server.pipeline.Telemetry.ShadowTelemetry;
import io.javelin.server.pipeline.Telemetry.VariantTelemetry;
import io.javelin.server.pipeline.Telemetry.VersionTelemetry;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PrometheusTelemetryTest {
  private static final String DEFAULT = "{model=\"m\",variant=\"default\",version=\"1\"}";

  private final MetricsRegistry registry = new MetricsRegistry();
  private final PrometheusTelemetry telemetry = new PrometheusTelemetry(registry);

  @AfterEach
  void close() {
    registry.close();
  }

  @Test
  void seriesExistWithZeroFromLoadTime() {
    telemetry.version("m", 1);

    TextScrape scrape = TextScrape.of(registry);
    for (String name :
        List.of(
            "request_success",
            "count",
            "request_duration_us",
            "queue_duration_us",
            "compute_input_duration_us",
            "compute_infer_duration_us",
            "compute_output_duration_us")) {
      assertTrue(scrape.has("# TYPE nv_inference_" + name + " counter"), name);
      assertTrue(scrape.has("nv_inference_" + name + DEFAULT + " 0.0"), name);
    }
    assertTrue(scrape.has("nv_inference_exec_count{model=\"m\",version=\"1\"} 0.0"));
    assertTrue(scrape.has("nv_inference_pending_request_count{model=\"m\",version=\"1\"} 0.0"));
    assertTrue(scrape.has("nv_model_load_duration_secs{model=\"m\",version=\"1\"} 0.0"));
    for (String reason : List.of("REJECTED", "CANCELED", "BACKEND", "OTHER")) {
      assertTrue(
          scrape.has(
              "nv_inference_request_failure{model=\"m\",reason=\""
                  + reason
                  + "\",variant=\"default\",version=\"1\"} 0.0"),
          reason);
    }
    assertEquals(0.0, scrape.value("javelin_inference_latency_seconds_count" + stage("total")));
  }

  @Test
  void successesAddUpInTritonsUnits() {
    VariantTelemetry variant = telemetry.version("m", 1).variant("default");

    variant.onSuccess(3, 100_600, 1_000, 20_000, 3_000, 150_000);
    variant.onSuccess(2, 100_600, 1_000, 20_000, 3_000, 150_000);

    TextScrape scrape = TextScrape.of(registry);
    assertTrue(scrape.has("nv_inference_request_success" + DEFAULT + " 2.0"));
    assertTrue(scrape.has("nv_inference_count" + DEFAULT + " 5.0"));
    assertTrue(scrape.has("nv_inference_request_duration_us" + DEFAULT + " 300.0"));
    assertTrue(scrape.has("nv_inference_queue_duration_us" + DEFAULT + " 201.0"));
    assertTrue(scrape.has("nv_inference_compute_input_duration_us" + DEFAULT + " 2.0"));
    assertTrue(scrape.has("nv_inference_compute_infer_duration_us" + DEFAULT + " 40.0"));
    assertTrue(scrape.has("nv_inference_compute_output_duration_us" + DEFAULT + " 6.0"));
  }

  @Test
  void latencyIsCountedPerStage() {
    telemetry.version("m", 1).variant("b").onSuccess(1, 100_600, 1_000, 20_000, 3_000, 1_500_000);

    TextScrape scrape = TextScrape.of(registry);
    String b = "\",variant=\"b\",version=\"1\"";
    String name = "javelin_inference_latency_seconds";
    assertTrue(scrape.has("# TYPE javelin_inference_latency_seconds histogram"));
    assertTrue(scrape.has(name + "_bucket{model=\"m\",stage=\"queue" + b + ",le=\"1.0E-4\"} 0"));
    assertTrue(scrape.has(name + "_bucket{model=\"m\",stage=\"queue" + b + ",le=\"1.25E-4\"} 1"));
    assertTrue(scrape.has(name + "_sum{model=\"m\",stage=\"queue" + b + "} 1.006E-4"));
    assertTrue(scrape.has(name + "_bucket{model=\"m\",stage=\"compute" + b + ",le=\"2.0E-5\"} 0"));
    assertTrue(scrape.has(name + "_bucket{model=\"m\",stage=\"compute" + b + ",le=\"2.5E-5\"} 1"));
    assertTrue(scrape.has(name + "_sum{model=\"m\",stage=\"compute" + b + "} 2.4E-5"));
    assertTrue(scrape.has(name + "_bucket{model=\"m\",stage=\"total" + b + ",le=\"0.00125\"} 0"));
    assertTrue(scrape.has(name + "_bucket{model=\"m\",stage=\"total" + b + ",le=\"0.0016\"} 1"));
    assertTrue(scrape.has(name + "_bucket{model=\"m\",stage=\"total" + b + ",le=\"+Inf\"} 1"));
    assertTrue(scrape.has(name + "_count{model=\"m\",stage=\"total" + b + "} 1"));
  }

  @Test
  void batchesFailuresAndGaugesAreExposed() {
    VersionTelemetry version = telemetry.version("m", 1);
    version.onBatch(8, 3, CloseCause.PREFERRED);
    version.onExecution();
    version.bindPending(() -> 17);
    version.onLoaded(2.5);
    version.variant("b").onFailure(FailureReason.BACKEND);
    telemetry.onRefusedEarly(FailureReason.OTHER);

    TextScrape scrape = TextScrape.of(registry);
    assertTrue(scrape.has("javelin_batch_rows_bucket{model=\"m\",version=\"1\",le=\"4.0\"} 0"));
    assertTrue(scrape.has("javelin_batch_rows_bucket{model=\"m\",version=\"1\",le=\"8.0\"} 1"));
    assertTrue(scrape.has("javelin_batch_requests_sum{model=\"m\",version=\"1\"} 3.0"));
    assertTrue(
        scrape.has(
            "javelin_batch_release_total{model=\"m\",reason=\"preferred\",version=\"1\"} 1.0"));
    assertTrue(
        scrape.has("javelin_batch_release_total{model=\"m\",reason=\"full\",version=\"1\"} 0.0"));
    assertTrue(scrape.has("nv_inference_exec_count{model=\"m\",version=\"1\"} 1.0"));
    assertTrue(scrape.has("nv_inference_pending_request_count{model=\"m\",version=\"1\"} 17.0"));
    assertTrue(scrape.has("nv_model_load_duration_secs{model=\"m\",version=\"1\"} 2.5"));
    assertTrue(
        scrape.has(
            "nv_inference_request_failure{model=\"m\",reason=\"BACKEND\",variant=\"b\",version=\"1\"}"
                + " 1.0"));
    assertTrue(scrape.has("javelin_refused_early_total{reason=\"OTHER\"} 1.0"));
  }

  @Test
  void allSeriesOfAVersionDisappearWhenItIsClosed() {
    VersionTelemetry one = telemetry.version("m", 1);
    VersionTelemetry two = telemetry.version("m", 2);
    one.variant("b").onPrediction(3, 0.7);
    one.onBatch(1, 1, CloseCause.FULL);
    two.variant("b").onPrediction(3, 0.7);
    assertFalse(TextScrape.of(registry).own("version=\"1\"").isEmpty());

    one.close();

    assertEquals(List.of(), TextScrape.of(registry).own("version=\"1\""));
    assertFalse(TextScrape.of(registry).own("version=\"2\"").isEmpty());
  }

  @Test
  void aLateRequestDoesNotBringTheSeriesBack() {
    VersionTelemetry version = telemetry.version("m", 1);
    VariantTelemetry variant = version.variant("b");
    version.close();

    variant.onSuccess(1, 1, 1, 1, 1, 1);
    variant.onPrediction(0, 0.5);
    version.variant("new").onFailure(FailureReason.OTHER);
    version.bindPending(() -> 1);

    assertEquals(List.of(), TextScrape.of(registry).own("model=\"m\""));
  }

  @Test
  void aReloadKeepsTheCountsUntilTheLastHandleIsClosed() {
    VersionTelemetry old = telemetry.version("m", 1);
    old.variant("default").onSuccess(1, 0, 0, 0, 0, 0);
    old.bindPending(() -> 2);
    VersionTelemetry reloaded = telemetry.version("m", 1);
    reloaded.bindPending(() -> 5);
    String pending = "nv_inference_pending_request_count{model=\"m\",version=\"1\"}";
    assertEquals(7, TextScrape.of(registry).value(pending));

    old.close();
    old.close();
    reloaded.variant("default").onSuccess(1, 0, 0, 0, 0, 0);

    TextScrape scrape = TextScrape.of(registry);
    assertTrue(scrape.has("nv_inference_request_success" + DEFAULT + " 2.0"));
    assertEquals(5, scrape.value(pending));
    reloaded.close();
    assertEquals(List.of(), TextScrape.of(registry).own("model=\"m\""));
  }

  @Test
  void aVersionOpenedAgainStartsAtZero() {
    VersionTelemetry first = telemetry.version("m", 1);
    first.variant("default").onSuccess(1, 0, 0, 0, 0, 0);
    first.close();

    telemetry.version("m", 1);

    assertTrue(TextScrape.of(registry).has("nv_inference_request_success" + DEFAULT + " 0.0"));
  }

  @Test
  void variantsAreBounded() {
    VersionTelemetry version = telemetry.version("m", 1);
    IntStream.range(0, 200).forEach(i -> version.variant("v" + i).onSuccess(1, 0, 0, 0, 0, 0));

    List<String> series = TextScrape.of(registry).own("nv_inference_request_success{");

    assertEquals(VersionSeries.MAX_VARIANTS + 1, series.size());
    assertTrue(
        series.contains(
            "nv_inference_request_success{model=\"m\",variant=\"other\",version=\"1\"} 137.0"));
  }

  @Test
  void namedClassesAreCountedByTheirLabel() {
    telemetry.describePredictions("m", List.of("cat", "dog"), true);
    VariantTelemetry variant = telemetry.version("m", 1).variant("default");

    variant.onPrediction(1, 0.93);

    TextScrape scrape = TextScrape.of(registry);
    String labels = "model=\"m\",variant=\"default\",version=\"1\"";
    assertTrue(scrape.has("javelin_prediction_class_total{class=\"dog\"," + labels + "} 1.0"));
    assertTrue(scrape.has("javelin_prediction_class_total{class=\"cat\"," + labels + "} 0.0"));
    assertTrue(scrape.has("javelin_prediction_score_bucket{" + labels + ",le=\"0.9\"} 0"));
    assertTrue(scrape.has("javelin_prediction_score_bucket{" + labels + ",le=\"0.95\"} 1"));
  }

  @Test
  void classesBeyondTheLimitShareOneLabel() {
    VariantTelemetry variant = telemetry.version("m", 1).variant("default");
    IntStream.range(0, 1000).forEach(i -> variant.onPrediction(i, Double.NaN));

    TextScrape scrape = TextScrape.of(registry);

    String name = "javelin_prediction_class_total{class=\"";
    String labels = "\",model=\"m\",variant=\"default\",version=\"1\"} ";
    assertEquals(65, scrape.own(name).size());
    assertTrue(scrape.has(name + "63" + labels + "1.0"));
    assertTrue(scrape.has(name + "other" + labels + "936.0"));
    assertEquals(
        0.0,
        scrape.value("javelin_prediction_score_count" + DEFAULT),
        "a class without a score is no score");
  }

  @Test
  void regressionValuesFallIntoSignedBuckets() {
    VariantTelemetry variant = telemetry.version("m", 1).variant("default");

    for (double value : new double[] {-250_000, -2, 0, 0.5, 7}) {
      variant.onPrediction(-1, value);
    }

    TextScrape scrape = TextScrape.of(registry);
    String bucket =
        "javelin_prediction_score_bucket{model=\"m\",variant=\"default\",version=\"1\",le=\"";
    assertTrue(scrape.has(bucket + "-10000.0\"} 1"));
    assertTrue(scrape.has(bucket + "-1.0\"} 2"));
    assertTrue(scrape.has(bucket + "0.0\"} 3"));
    assertTrue(scrape.has(bucket + "1.0\"} 4"));
    assertTrue(scrape.has(bucket + "+Inf\"} 5"));
    assertEquals(List.of(), scrape.own("javelin_prediction_class_total"));
  }

  @Test
  void shadowSeriesCountResultsAndAgreement() {
    ShadowTelemetry shadow = telemetry.shadow("m", "next", 2);
    for (int i = 0; i < 4; i++) {
      shadow.onSampled();
    }
    shadow.onCompared(10, 9, 0.02);
    shadow.onCompared(5, 5, Double.NaN);
    shadow.onDropped();
    shadow.onFailed();

    TextScrape scrape = TextScrape.of(registry);
    String labels = "shadow=\"next\",version=\"2\"}";
    assertTrue(
        scrape.has(
            "javelin_shadow_requests_total{model=\"m\",result=\"sampled\"," + labels + " 4.0"));
    assertTrue(
        scrape.has(
            "javelin_shadow_requests_total{model=\"m\",result=\"compared\"," + labels + " 2.0"));
    assertTrue(
        scrape.has(
            "javelin_shadow_requests_total{model=\"m\",result=\"dropped\"," + labels + " 1.0"));
    assertTrue(
        scrape.has(
            "javelin_shadow_requests_total{model=\"m\",result=\"failed\"," + labels + " 1.0"));
    assertTrue(
        scrape.has("javelin_shadow_rows_total{agree=\"true\",model=\"m\"," + labels + " 14.0"));
    assertTrue(
        scrape.has("javelin_shadow_rows_total{agree=\"false\",model=\"m\"," + labels + " 1.0"));
    assertTrue(scrape.has("javelin_shadow_score_difference_count{model=\"m\"," + labels + " 1"));

    shadow.close();
    assertEquals(List.of(), TextScrape.of(registry).own("shadow=\"next\""));
  }

  private static String stage(String stage) {
    return "{model=\"m\",stage=\"" + stage + "\",variant=\"default\",version=\"1\"}";
  }
}
