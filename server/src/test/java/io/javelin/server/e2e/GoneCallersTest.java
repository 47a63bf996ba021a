package io.javelin.server.e2e;

import static io.javelin.server.e2e.Eventually.eventually;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.util.concurrent.ListenableFuture;
import inference.GRPCInferenceServiceGrpc;
import inference.ModelInferResponse;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.nio.file.Path;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Callers who stop waiting leave nothing behind.
class GoneCallersTest {
  private static final String PENDING = "nv_inference_pending_request_count";
  private static final String FAILURES = "nv_inference_request_failure";

  @TempDir Path directory;
  private DemoServer server;

  /// Requests wait ten seconds for company, unless they leave before.
  @BeforeEach
  void start() throws Exception {
    server =
        DemoServer.start(
            directory,
            DemoServer.demoConfig()
                .replace(
                    "max_queue_delay_microseconds: 0", "max_queue_delay_microseconds: 10000000"));
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private ListenableFuture<ModelInferResponse> send(long deadlineMillis) {
    return GRPCInferenceServiceGrpc.newFutureStub(server.channel())
        .withDeadlineAfter(deadlineMillis, TimeUnit.MILLISECONDS)
        .modelInfer(Requests.digits().build());
  }

  @Test
  void aCancelledRequestLeavesTheQueueAtOnce() throws Exception {
    ListenableFuture<ModelInferResponse> waiting = send(20_000);
    eventually(() -> Scrape.of(server).sum(PENDING), pending -> pending == 1);

    waiting.cancel(true);

    Scrape scrape = eventually(() -> Scrape.of(server), seen -> seen.sum(FAILURES) == 1);
    assertEquals(1, scrape.sum(FAILURES, "model", "digits", "reason", "CANCELED"));
    assertEquals(0, scrape.sum(PENDING));
    assertEquals(0, scrape.sum("nv_inference_exec_count", "model", "digits"));
  }

  /// The batch closes just before the deadline, so the answer races with the caller's own clock;
  /// whoever wins, the request ends then, and once.
  @Test
  void aRequestDoesNotWaitForCompanyBeyondItsDeadline() throws Exception {
    long start = System.nanoTime();
    try {
      assertEquals("digits", send(500).get().getModelName());
    } catch (ExecutionException e) {
      StatusRuntimeException refused = assertInstanceOf(StatusRuntimeException.class, e.getCause());
      assertEquals(Status.Code.DEADLINE_EXCEEDED, refused.getStatus().getCode());
    }

    Scrape scrape =
        eventually(
            () -> Scrape.of(server),
            seen -> seen.sum("nv_inference_request_success") + seen.sum(FAILURES) == 1);
    assertEquals(0, scrape.sum(PENDING));
    assertTrue(System.nanoTime() - start < TimeUnit.SECONDS.toNanos(5));
  }
}
