package io.javelin.server.e2e;

import static io.javelin.server.e2e.Eventually.eventually;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.util.concurrent.ListenableFuture;
import inference.GRPCInferenceServiceGrpc;
import inference.ModelInferResponse;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.netty.NettyChannelBuilder;
import java.net.ConnectException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Stopping loses no request.
class DrainTest {
  private static final int WAITING = 20;

  @TempDir Path directory;

  @Test
  void closingAnswersEveryRequestInFlight() throws Exception {
    String config =
        DemoServer.demoConfig()
            .replace("max_queue_delay_microseconds: 0", "max_queue_delay_microseconds: 700000");
    try (DemoServer server = DemoServer.start(directory, config)) {
      int port = server.server().grpcPort();
      List<ListenableFuture<ModelInferResponse>> waiting = new ArrayList<>();
      for (int i = 0; i < WAITING; i++) {
        waiting.add(
            GRPCInferenceServiceGrpc.newFutureStub(server.channel())
                .withDeadlineAfter(20, TimeUnit.SECONDS)
                .modelInfer(Requests.digits().setId("r" + i).build()));
      }
      eventually(
          () -> Scrape.of(server).sum("nv_inference_pending_request_count"),
          pending -> pending == WAITING);

      server.server().close();

      for (int i = 0; i < WAITING; i++) {
        assertEquals("r" + i, waiting.get(i).get(1, TimeUnit.SECONDS).getId());
      }
      assertConnectionRefused(port);
    }
  }

  /// With a drain time-out of ten minutes, waiting for the watcher would end this test first.
  @Test
  @Timeout(60)
  void aClientThatWatchesHealthDoesNotHoldUpTheStop() throws Exception {
    String config =
        DemoServer.demoConfig()
            .replaceFirst("drain_timeout_seconds: \\d+", "drain_timeout_seconds: 600");
    assertTrue(config.contains("drain_timeout_seconds: 600"), config);
    try (DemoServer server = DemoServer.start(directory, config)) {
      Iterator<HealthCheckResponse> watch =
          HealthGrpc.newBlockingStub(server.channel())
              .watch(HealthCheckRequest.getDefaultInstance());
      assertEquals(ServingStatus.SERVING, watch.next().getStatus());

      server.server().close();

      assertEquals(ServingStatus.NOT_SERVING, watch.next().getStatus());
    }
  }

  private static void assertConnectionRefused(int port) throws Exception {
    ManagedChannel late = NettyChannelBuilder.forAddress("127.0.0.1", port).usePlaintext().build();
    try {
      StatusRuntimeException refused =
          assertThrows(
              StatusRuntimeException.class,
              () ->
                  GRPCInferenceServiceGrpc.newBlockingStub(late)
                      .withDeadlineAfter(20, TimeUnit.SECONDS)
                      .modelInfer(Requests.digits().build()));
      assertEquals(Status.Code.UNAVAILABLE, refused.getStatus().getCode());
      Throwable cause = refused.getCause();
      assertTrue(cause instanceof ConnectException, () -> "cause: " + cause);
    } finally {
      late.shutdownNow();
    }
  }

  @Test
  void aLameDuckSaysNotReadyAndStillServes() throws Exception {
    String config = DemoServer.demoConfig().replace("server: {", "server: {lame_duck_seconds: 1, ");
    try (DemoServer server = DemoServer.start(directory, config)) {
      Iterator<HealthCheckResponse> health =
          HealthGrpc.newBlockingStub(server.channel())
              .withDeadlineAfter(20, TimeUnit.SECONDS)
              .watch(HealthCheckRequest.getDefaultInstance());
      assertEquals(ServingStatus.SERVING, health.next().getStatus());

      CompletableFuture<Void> closing =
          CompletableFuture.runAsync(server.server()::close, Thread::startVirtualThread);

      assertEquals(ServingStatus.NOT_SERVING, health.next().getStatus());
      assertEquals("{\"ready\":false}", server.get(server.server().httpPort(), "/v2/health/ready"));
      assertEquals("{\"live\":true}", server.get(server.server().httpPort(), "/v2/health/live"));
      server.inference().modelInfer(Requests.digits().build());
      assertFalse(closing.isDone(), "the test was too slow to see the lame duck");
      server.channel().shutdownNow(); // Ends the watch, which would be waited for.
      closing.get(20, TimeUnit.SECONDS);
    }
  }
}
