package io.javelin.server.e2e;

import static io.javelin.server.e2e.Eventually.eventually;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.util.concurrent.ListenableFuture;
import inference.GRPCInferenceServiceGrpc;
import inference.InferParameter;
import inference.ModelInferRequest;
import inference.ModelInferResponse;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The numbers on the metrics page are those of a known sequence of requests, exactly. A server per
/// test, so that all counts begin at 0.
class MetricsEndToEndTest {
  /// A model whose runs fail, and one whose requests wait while up to four rows are there.
  private static final String MORE_MODELS =
      """
        - name: faulty
          engine: echo
          warmup: {iterations: 0}
        - name: slow
          engine: echo
          warmup: {iterations: 0}
          max_batch_size: 4
          dynamic_batching:
            max_queue_delay_microseconds: 500000
            default_queue_policy: {max_queue_size: 4}
      """;

  @TempDir Path directory;
  private DemoServer server;

  @BeforeEach
  void start() throws Exception {
    echoModel("faulty", "fail = on-run\n");
    echoModel("slow", "");
    server = DemoServer.start(directory, DemoServer.demoConfig() + MORE_MODELS);
  }

  private void echoModel(String name, String more) throws Exception {
    Path version = Files.createDirectories(directory.resolve("registry/" + name + "/1"));
    Files.writeString(
        version.resolve("model.echo"), "input.0 = x FP32 -1,1\noutput.0 = y copy\n" + more);
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void countsRequestsRowsAndLatenciesPerVersionAndVariant() throws Exception {
    for (int i = 1; i <= 4; i++) {
      server.client().call(rows(i, "1"));
    }
    server.client().call(rows(5, "2"));
    for (int i = 0; i < 3; i++) {
      server.inference().modelInfer(Requests.digits().build());
    }

    Scrape scrape = settled("nv_inference_request_success", 8, "model", "digits");

    String[] first = {"model", "digits", "version", "1", "variant", "direct"};
    String[] second = {"model", "digits", "version", "2", "variant", "direct"};
    String[] control = {"model", "digits", "version", "1", "variant", "control"};
    assertCounts(scrape, 4, 10, first);
    assertCounts(scrape, 1, 5, second);
    assertCounts(scrape, 3, 3, control);
    assertEquals(7, scrape.sum("nv_inference_exec_count", "model", "digits", "version", "1"));
    assertEquals(1, scrape.sum("nv_inference_exec_count", "model", "digits", "version", "2"));
    assertEquals(13, scrape.sum("javelin_batch_rows_sum", "model", "digits", "version", "1"));
    assertEquals(7, scrape.sum("javelin_batch_requests_count", "model", "digits", "version", "1"));
    assertEquals(0, scrape.sum("nv_inference_request_failure"));
    assertEquals(0, scrape.sum("nv_inference_pending_request_count"));
    assertTrue(scrape.sum("nv_inference_request_duration_us", first) > 0);
  }

  private static void assertCounts(Scrape scrape, int requests, int rows, String... labels) {
    assertEquals(requests, scrape.sum("nv_inference_request_success", labels));
    assertEquals(rows, scrape.sum("nv_inference_count", labels));
    for (String stage : List.of("queue", "compute", "total")) {
      String[] staged = Arrays.copyOf(labels, labels.length + 2);
      staged[labels.length] = "stage";
      staged[labels.length + 1] = stage;
      assertEquals(requests, scrape.sum("javelin_inference_latency_seconds_count", staged), stage);
    }
  }

  private static ModelInferRequest rows(int rows, String version) {
    return Requests.request("digits", "pixels", new float[rows][64])
        .setModelVersion(version)
        .build();
  }

  @Test
  void countsFailuresByReason() throws Exception {
    assertRefused(Requests.request("faulty", "x", new float[1][1]), Status.Code.INTERNAL);
    assertRefused(
        Requests.request("slow", "x", new float[1][1])
            .putParameters("timeout", InferParameter.newBuilder().setInt64Param(1).build()),
        Status.Code.UNAVAILABLE);
    assertRefused(Requests.request("nope", "x", new float[1][1]), Status.Code.NOT_FOUND);
    assertRefused(Requests.request("slow", "z", new float[1][1]), Status.Code.INVALID_ARGUMENT);

    Scrape scrape = settled("nv_inference_request_failure", 2);

    String failure = "nv_inference_request_failure";
    assertEquals(1, scrape.sum(failure, "model", "faulty", "reason", "BACKEND"));
    assertEquals(1, scrape.sum(failure, "model", "slow", "reason", "REJECTED"));
    assertEquals(2, scrape.sum("javelin_refused_early_total", "reason", "REJECTED"));
    assertEquals(0, scrape.sum("nv_inference_exec_count", "model", "slow"));
    assertEquals(List.of(), scrape.own("nope"), "a caller's words became a series");
  }

  @Test
  void countsARequestThatFindsTheQueueFull() throws Exception {
    ListenableFuture<ModelInferResponse> waiting =
        GRPCInferenceServiceGrpc.newFutureStub(server.channel())
            .modelInfer(Requests.request("slow", "x", new float[3][1]).build());
    settled("nv_inference_pending_request_count", 1, "model", "slow");

    String message =
        assertRefused(Requests.request("slow", "x", new float[2][1]), Status.Code.UNAVAILABLE);

    assertEquals(
        "Exceeds maximum queue size: model 'slow' version 1, 3 of 4 rows are waiting", message);
    assertEquals(3, waiting.get(20, TimeUnit.SECONDS).getOutputs(0).getShape(0));
    Scrape scrape = settled("nv_inference_request_success", 1, "model", "slow");
    assertEquals(
        1, scrape.sum("nv_inference_request_failure", "model", "slow", "reason", "REJECTED"));
  }

  private String assertRefused(ModelInferRequest.Builder request, Status.Code code) {
    StatusRuntimeException refused =
        assertThrows(
            StatusRuntimeException.class, () -> server.inference().modelInfer(request.build()));
    assertEquals(code, refused.getStatus().getCode(), refused::toString);
    return String.valueOf(refused.getStatus().getDescription());
  }

  @Test
  void countsThePredictedClassesThatWereAnswered() throws Exception {
    float[][] rows = DemoRows.of("digits");
    int[] expected = new int[10];
    for (int i = 0; i + 20 <= rows.length; i += 20) {
      ModelInferRequest request =
          Requests.request("digits", "pixels", Arrays.copyOfRange(rows, i, i + 20)).build();
      ModelInferResponse response = server.client().callAs("user-" + i, request).response();
      for (long label : Requests.longs(response, "label")) {
        expected[(int) label]++;
      }
    }

    Scrape scrape = settled("javelin_prediction_class_total", 540, "model", "digits");

    for (int label = 0; label < 10; label++) {
      String[] labels = {"model", "digits", "class", Integer.toString(label)};
      assertEquals(expected[label], scrape.sum("javelin_prediction_class_total", labels));
    }
    assertEquals(540, scrape.sum("javelin_prediction_score_count", "model", "digits"));
    assertTrue(scrape.sum("nv_inference_count", "model", "digits", "variant", "treatment") > 0);
  }

  @Test
  void accountsForEveryMirroredRequest() throws Exception {
    float[][] rows = DemoRows.of("cancer");
    for (float[] row : rows) {
      server
          .inference()
          .modelInfer(Requests.request("cancer", "features", new float[][] {row}).build());
    }
    String requests = "javelin_shadow_requests_total";

    Scrape scrape =
        eventually(
            () -> Scrape.of(server),
            seen ->
                seen.sum(requests, "result", "sampled") == rows.length
                    && seen.sum(requests) == 2 * rows.length);

    double compared = scrape.sum(requests, "result", "compared");
    assertTrue(compared > 0);
    assertEquals(0, scrape.sum(requests, "result", "failed"));
    assertEquals(compared, scrape.sum("javelin_shadow_rows_total"));
    assertEquals(compared, scrape.sum("javelin_shadow_score_difference_count"));
    // The versions give the same label on 168 of the 171 rows (see the demo's README).
    double differing = scrape.sum("javelin_shadow_rows_total", "agree", "false");
    assertTrue(differing <= 3, "differing rows: " + differing);
    if (compared == rows.length) {
      assertEquals(3, differing);
    }
    assertEquals(
        rows.length, scrape.sum("nv_inference_count", "model", "cancer", "variant", "control"));
  }

  /// Counts are written after the answer was sent: waits until `name` has reached `value`.
  private Scrape settled(String name, double value, String... labels) throws Exception {
    return eventually(() -> Scrape.of(server), seen -> seen.sum(name, labels) == value);
  }
}
