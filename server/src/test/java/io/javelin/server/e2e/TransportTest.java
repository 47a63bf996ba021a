package io.javelin.server.e2e;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import inference.GRPCInferenceServiceGrpc;
import inference.InferTensorContents;
import inference.ModelInferRequest;
import inference.ModelInferResponse;
import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The same rows get the same answers however they travel. Version 2 of `digits` answers all.
class TransportTest {
  private static final int MAX_ROWS = 4_096;
  private static final float TOLERANCE = 1e-5f;

  @TempDir static Path directory;
  private static DemoServer server;
  private static float[][] rows = {};
  private static float[][] expected = {};

  @BeforeAll
  static void start() throws Exception {
    String config =
        DemoServer.demoConfig()
            .replace(
                "max_batch_size: 64",
                "max_batch_size: %d\n    warmup: {batch_sizes: [1], iterations: 1}"
                    .formatted(MAX_ROWS))
            .replace(
                "max_queue_delay_microseconds: 0",
                "max_queue_delay_microseconds: 0, default_queue_policy: {max_queue_size: 8192}");
    server = DemoServer.start(directory, config);
    rows = DemoRows.of("digits");
    expected = new float[rows.length][];
    for (int i = 0; i < rows.length; i++) {
      expected[i] =
          Requests.floats(
              server.inference().modelInfer(request(new float[][] {rows[i]})), "probabilities");
    }
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static ModelInferRequest request(float[][] rows) {
    return Requests.request("digits", "pixels", rows).setModelVersion("2").build();
  }

  private static void assertAnswer(int firstRow, int count, ModelInferResponse response) {
    float[] probabilities = Requests.floats(response, "probabilities");
    assertEquals(count * 10, probabilities.length);
    for (int i = 0; i < count; i++) {
      assertArrayEquals(
          expected[(firstRow + i) % rows.length],
          Arrays.copyOfRange(probabilities, i * 10, i * 10 + 10),
          TOLERANCE,
          "row " + i);
    }
  }

  @Test
  void takesTypedContents() {
    InferTensorContents.Builder contents = InferTensorContents.newBuilder();
    for (float[] row : Arrays.copyOf(rows, 3)) {
      for (float value : row) {
        contents.addFp32Contents(value);
      }
    }
    ModelInferRequest.Builder request =
        request(Arrays.copyOf(rows, 3)).toBuilder().clearRawInputContents();
    request.getInputsBuilder(0).setContents(contents);

    assertAnswer(0, 3, server.inference().modelInfer(request.build()));
  }

  @Test
  void takesGzippedRequests() {
    ModelInferRequest request = request(Arrays.copyOf(rows, 100));

    assertAnswer(0, 100, server.inference().withCompression("gzip").modelInfer(request));
  }

  @Test
  void takesLargeMessagesInManyFrames() {
    float[][] many = new float[MAX_ROWS][];
    for (int i = 0; i < many.length; i++) {
      many[i] = rows[i % rows.length];
    }
    ModelInferRequest request = request(many);
    assertTrue(request.getSerializedSize() > 1_000_000);

    for (int i = 0; i < 5; i++) {
      assertAnswer(0, MAX_ROWS, server.inference().modelInfer(request));
    }
  }

  @Test
  void givesEachOfManyCallersTheirOwnAnswers() throws Exception {
    List<ManagedChannel> channels = new ArrayList<>();
    try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < 8; i++) {
        channels.add(
            NettyChannelBuilder.forAddress("127.0.0.1", server.server().grpcPort())
                .usePlaintext()
                .build());
      }
      List<Future<?>> done = new ArrayList<>();
      for (int caller = 0; caller < 64; caller++) {
        int id = caller;
        done.add(callers.submit(() -> callManyTimes(channels.get(id % 8), id)));
      }
      for (Future<?> one : done) {
        one.get(60, TimeUnit.SECONDS);
      }
    } finally {
      channels.forEach(ManagedChannel::shutdownNow);
    }
    Scrape scrape = Scrape.of(server);
    String[] version = {"model", "digits", "version", "2"};
    assertTrue(
        scrape.sum("javelin_batch_requests_count", version)
            < scrape.sum("javelin_batch_requests_sum", version),
        "no two requests ever shared a batch");
  }

  private static void callManyTimes(ManagedChannel channel, int caller) {
    for (int i = 0; i < 20; i++) {
      int row = (caller * 37 + i * 11) % (rows.length - 4);
      int count = 1 + (caller + i) % 4;
      String id = caller + "-" + i;
      ModelInferResponse response =
          GRPCInferenceServiceGrpc.newBlockingStub(channel)
              .withDeadlineAfter(20, TimeUnit.SECONDS)
              .modelInfer(
                  request(Arrays.copyOfRange(rows, row, row + count)).toBuilder()
                      .setId(id)
                      .build());
      assertEquals(id, response.getId());
      assertAnswer(row, count, response);
    }
  }
}
