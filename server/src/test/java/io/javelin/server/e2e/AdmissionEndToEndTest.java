package io.javelin.server.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.util.concurrent.ListenableFuture;
import inference.GRPCInferenceServiceGrpc;
import inference.GRPCInferenceServiceGrpc.GRPCInferenceServiceBlockingStub;
import inference.ModelInferRequest;
import inference.ModelInferResponse;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.MetadataUtils;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What a client sees of a refusal over real gRPC, and what it makes of it.
class AdmissionEndToEndTest {
  private static final Metadata.Key<String> PUSHBACK =
      Metadata.Key.of("grpc-retry-pushback-ms", Metadata.ASCII_STRING_MARSHALLER);

  private static final String CONFIG =
      """
      tenants:
        quotas:
          slow: {requests_per_second: 4}
          blocked: {requests_per_second: 0}
      """;

  /// Requests wait for company while fewer than four rows are there.
  private static final String MODELS =
      """
        - name: slow
          engine: echo
          warmup: {iterations: 0}
          max_batch_size: 4
          dynamic_batching:
            max_queue_delay_microseconds: 1000000
            default_queue_policy: {max_queue_size: 4}
      """;

  @TempDir Path directory;
  private DemoServer server;
  private ManagedChannel retrying;

  @BeforeEach
  void start() throws Exception {
    Path version = Files.createDirectories(directory.resolve("registry/slow/1"));
    Files.writeString(version.resolve("model.echo"), "input.0 = x FP32 -1,1\noutput.0 = y copy\n");
    server = DemoServer.start(directory, CONFIG + DemoServer.demoConfig() + MODELS);
    retrying =
        NettyChannelBuilder.forAddress("127.0.0.1", server.server().grpcPort())
            .usePlaintext()
            .enableRetry()
            .defaultServiceConfig(retryPolicy())
            .build();
  }

  @AfterEach
  void stop() {
    retrying.shutdownNow();
    server.close();
  }

  /// Waits longer than any test between its attempts, unless it is told otherwise.
  private static Map<String, ?> retryPolicy() {
    Map<String, ?> policy =
        Map.of(
            "maxAttempts",
            5.0,
            "initialBackoff",
            "1000s",
            "maxBackoff",
            "1000s",
            "backoffMultiplier",
            1.0,
            "retryableStatusCodes",
            List.of("UNAVAILABLE", "RESOURCE_EXHAUSTED"));
    return Map.of(
        "methodConfig", List.of(Map.of("name", List.of(Map.of()), "retryPolicy", policy)));
  }

  @Test
  void aBusyModelSaysWhenToComeBack() throws Exception {
    ListenableFuture<ModelInferResponse> waiting = fillQueue();

    StatusRuntimeException refused =
        assertThrows(StatusRuntimeException.class, () -> server.inference().modelInfer(rows(2)));

    assertEquals(Status.Code.UNAVAILABLE, refused.getStatus().getCode());
    long pushback = Long.parseLong(String.valueOf(pushback(refused)));
    assertTrue(pushback >= 1 && pushback <= 5_000, "pushback " + pushback);
    assertEquals(3, waiting.get(20, TimeUnit.SECONDS).getOutputs(0).getShape(0));
    assertEquals(1, admissions("queue_full"));
    assertEquals(1, admissions("admitted"));
  }

  @Test
  void aClientOverItsQuotaSucceedsWhenItObeysThePushback() throws Exception {
    GRPCInferenceServiceBlockingStub client = stub(retrying, "slow");
    client.modelInfer(Requests.digits().build());
    long before = System.nanoTime();

    client.modelInfer(Requests.digits().build());

    long waitedMillis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - before);
    assertTrue(waitedMillis >= 100, "came back after " + waitedMillis + " ms of 250");
    assertEquals(1, refusedTenants("slow"), "one attempt was refused, the next one was in time");
  }

  @Test
  void aClientThatIsToldNeverDoesNotTryAgain() throws Exception {
    StatusRuntimeException refused =
        assertThrows(
            StatusRuntimeException.class,
            () -> stub(retrying, "blocked").modelInfer(Requests.digits().build()));

    assertEquals(Status.Code.RESOURCE_EXHAUSTED, refused.getStatus().getCode());
    assertEquals(
        "quota of tenant 'blocked' exceeded for model 'digits': none is allowed",
        refused.getStatus().getDescription());
    assertEquals("-1", pushback(refused));
    assertEquals(1, refusedTenants("blocked"));
  }

  @Test
  void othersAreNotHeldToATenantsQuota() {
    for (int i = 0; i < 20; i++) {
      stub(server.channel(), "free").modelInfer(Requests.digits().build());
      server.inference().modelInfer(Requests.digits().build());
    }
  }

  private ListenableFuture<ModelInferResponse> fillQueue() throws Exception {
    ListenableFuture<ModelInferResponse> waiting =
        GRPCInferenceServiceGrpc.newFutureStub(server.channel()).modelInfer(rows(3));
    Eventually.eventually(
        () -> Scrape.of(server),
        scrape -> scrape.sum("nv_inference_pending_request_count", "model", "slow") == 1);
    return waiting;
  }

  private double admissions(String decision) throws Exception {
    return Scrape.of(server).sum("javelin_admission_total", "model", "slow", "decision", decision);
  }

  private double refusedTenants(String tenant) throws Exception {
    return Scrape.of(server)
        .sum("javelin_tenant_refused_total", "tenant", tenant, "reason", "quota");
  }

  private static GRPCInferenceServiceBlockingStub stub(ManagedChannel channel, String tenant) {
    Metadata metadata = new Metadata();
    metadata.put(Metadata.Key.of("x-tenant-id", Metadata.ASCII_STRING_MARSHALLER), tenant);
    return GRPCInferenceServiceGrpc.newBlockingStub(channel)
        .withDeadlineAfter(20, TimeUnit.SECONDS)
        .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(metadata));
  }

  private static @Nullable String pushback(StatusRuntimeException refused) {
    Metadata trailers = refused.getTrailers();
    return trailers == null ? null : trailers.get(PUSHBACK);
  }

  private static ModelInferRequest rows(int rows) {
    return Requests.request("slow", "x", new float[rows][1]).build();
  }
}
