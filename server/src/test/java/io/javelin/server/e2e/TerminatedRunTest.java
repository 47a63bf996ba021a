package io.javelin.server.e2e;

import static io.javelin.server.e2e.Eventually.eventually;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.google.common.util.concurrent.ListenableFuture;
import inference.GRPCInferenceServiceGrpc;
import inference.ModelInferRequest;
import inference.ModelInferResponse;
import io.grpc.Status;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A run whose callers have all gone is stopped; one that still has a caller is not. The model runs
/// as many rounds as the largest value of its batch, and batches are closed when they have two
/// rows.
@Timeout(60)
class TerminatedRunTest {
  private static final float ENDLESS = 1e15f;

  /// About a second of rounds.
  private static final float LONG = 100_000;

  private static final String TERMINATED = "javelin_runs_terminated_total";
  private static final String CONFIG =
      """
      server: {host: 127.0.0.1, grpc_port: 0, http_port: 0, metrics_port: 0, admin_port: 0}
      registry: {url: "file:registry", cache_dir: cache}
      models:
        - name: loop
          max_batch_size: 2
          dynamic_batching: {max_queue_delay_microseconds: 20000000}
      """;

  @TempDir Path directory;
  private DemoServer server;

  @BeforeEach
  void start() throws Exception {
    Path version = Files.createDirectories(directory.resolve("registry/loop/1"));
    try (InputStream model = getClass().getResourceAsStream("/models/loop.onnx")) {
      Files.copy(Objects.requireNonNull(model), version.resolve("model.onnx"));
    }
    Files.writeString(directory.resolve("javelin.yaml"), CONFIG);
    server = DemoServer.restart(directory);
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private ListenableFuture<ModelInferResponse> send(float rounds, long deadlineMillis) {
    ModelInferRequest request = Requests.request("loop", "INPUT", new float[][] {{rounds}}).build();
    return GRPCInferenceServiceGrpc.newFutureStub(server.channel())
        .withDeadlineAfter(deadlineMillis, TimeUnit.MILLISECONDS)
        .modelInfer(request);
  }

  private static float answer(ListenableFuture<ModelInferResponse> sent) throws Exception {
    return Requests.floats(sent.get(), "OUTPUT")[0];
  }

  private static Status.Code failure(ListenableFuture<?> sent) {
    ExecutionException failed = assertThrows(ExecutionException.class, sent::get);
    return Status.fromThrowable(failed).getCode();
  }

  @Test
  void theLastDeadlineEndsTheRun() throws Exception {
    ListenableFuture<ModelInferResponse> first = send(ENDLESS, 500);
    ListenableFuture<ModelInferResponse> second = send(ENDLESS, 600);

    assertEquals(Status.Code.DEADLINE_EXCEEDED, failure(first));
    assertEquals(Status.Code.DEADLINE_EXCEEDED, failure(second));

    ListenableFuture<ModelInferResponse> mate = send(2, 30_000);
    assertEquals(3, answer(send(3, 30_000)), 1e-3, "the next run");
    assertEquals(2, answer(mate), 1e-3);
    Scrape scrape = eventually(() -> Scrape.of(server), seen -> seen.sum(TERMINATED) == 1);
    assertEquals(2, scrape.sum("nv_inference_request_failure", "reason", "CANCELED"));
    assertEquals(0, scrape.sum("nv_inference_request_failure", "reason", "BACKEND"));
  }

  @Test
  void oneLiveCallerKeepsTheRunAlive() throws Exception {
    ListenableFuture<ModelInferResponse> gone = send(2, 30_000);
    ListenableFuture<ModelInferResponse> alive = send(LONG, 30_000);
    eventually(() -> Scrape.of(server), seen -> seen.sum("nv_inference_exec_count") == 1);

    gone.cancel(true);

    assertEquals(LONG, answer(alive), LONG / 100);
    Scrape scrape = Scrape.of(server);
    assertEquals(0, scrape.sum(TERMINATED));
    assertEquals(1, scrape.sum("nv_inference_exec_count", "model", "loop"), "ran once");
  }

  @Test
  void theLastOfTwoCallersEndsTheRun() throws Exception {
    ListenableFuture<ModelInferResponse> first = send(ENDLESS, 30_000);
    ListenableFuture<ModelInferResponse> second = send(ENDLESS, 30_000);
    eventually(() -> Scrape.of(server), seen -> seen.sum("nv_inference_exec_count") == 1);

    first.cancel(true);
    second.cancel(true);

    Scrape scrape = eventually(() -> Scrape.of(server), seen -> seen.sum(TERMINATED) == 1);
    assertEquals(1, scrape.sum("nv_inference_exec_count"), "neither is run again on its own");
  }
}
