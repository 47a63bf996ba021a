package io.javelin.server.grpc;

import com.google.protobuf.ByteString;
import io.javelin.batching.BatchItem;
import io.javelin.batching.BatchingConfig;
import io.javelin.loader.engine.InstanceConfig;
import io.javelin.loader.engine.echo.EchoEngine;
import io.javelin.loader.lifecycle.Lease;
import io.javelin.loader.lifecycle.ServingSet;
import io.javelin.loader.lifecycle.VersionStatus;
import io.javelin.loader.store.ModelArtifact;
import io.javelin.router.LiveRouting;
import io.javelin.router.RoutingTable;
import io.javelin.server.metrics.MetricsRegistry;
import io.javelin.server.metrics.PrometheusTelemetry;
import io.javelin.server.pipeline.BatchOutputs;
import io.javelin.server.pipeline.Execution;
import io.javelin.server.pipeline.InferCall;
import io.javelin.server.pipeline.InferRequest;
import io.javelin.server.pipeline.InferRequest.Input;
import io.javelin.server.pipeline.InferRequest.Parameters;
import io.javelin.server.pipeline.InferencePipeline;
import io.javelin.server.pipeline.ModelDirectory;
import io.javelin.server.pipeline.ModelRuntime;
import io.javelin.server.pipeline.Payload;
import io.javelin.server.pipeline.Refusal;
import io.javelin.server.pipeline.Rehearsal;
import io.javelin.server.pipeline.ReplyPort;
import io.javelin.server.pipeline.RequestLoops;
import io.javelin.server.pipeline.RuntimeFactory;
import io.javelin.server.pipeline.RuntimeSettings;
import io.javelin.server.pipeline.ShadowDispatcher;
import io.javelin.server.quality.PredictionSpec;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Encodes real answers of version 3 of the model `m`, which gives back its inputs `numbers` and
/// `texts`. Each request runs behind a companion in one batch, so its rows are not the first ones.
final class ReplyFixture {
  private static final long COMPANY_NANOS = 5_000_000;

  private final MetricsRegistry registry = new MetricsRegistry();
  private final PrometheusTelemetry telemetry = new PrometheusTelemetry(registry);
  private final LiveRouting routing = new LiveRouting(RoutingTable.empty(1));
  private final ShadowDispatcher shadows =
      new ShadowDispatcher(
          routing, telemetry, new ShadowDispatcher.Limits(1, 1, 1), System::nanoTime);
  private final RuntimeFactory factory =
      new RuntimeFactory(
          Map.of("echo", new EchoEngine()),
          model -> settings(),
          new RuntimeFactory.Surroundings(telemetry, shadows, RequestLoops.NONE),
          new Rehearsal(telemetry, (stage, rehearsed, requests, until) -> {}, System::nanoTime),
          System::nanoTime);
  private final InferencePipeline pipeline =
      new InferencePipeline(
          routing, OneVersion::new, new Nothing(), telemetry, route -> {}, System::nanoTime);
  private @Nullable ModelRuntime runtime;

  private static RuntimeSettings settings() {
    return new RuntimeSettings(
        new RuntimeSettings.Instances(
            "echo",
            1,
            new InstanceConfig(64, InstanceConfig.Provider.CPU, Map.of(), Map.of(), 1),
            Execution.AUTO),
        new BatchingConfig(64, 64, COMPANY_NANOS, List.of()),
        0,
        new RuntimeSettings.Warmup(List.of(1), 0, 0),
        PredictionSpec.AUTOMATIC);
  }

  void open() throws Exception {
    Path directory = Files.createTempDirectory("echo");
    Path file = directory.resolve("model.echo");
    Files.writeString(
        file,
        """
        input.0 = numbers_in FP32 -1,-1
        input.1 = texts_in BYTES -1,1
        output.0 = numbers copy
        output.1 = texts copy
        """);
    runtime = factory.load(new ModelArtifact("m", 3, directory));
    Files.delete(file);
    Files.delete(directory);
  }

  void close() {
    factory.unload(runtime());
    shadows.close();
    registry.close();
  }

  private ModelRuntime runtime() {
    ModelRuntime open = runtime;
    if (open == null) {
      throw new IllegalStateException("not open");
    }
    return open;
  }

  /// What was sent and hence should come back, and the encoded reply: drained, and read.
  @SuppressWarnings("ArrayRecordComponent") // Read once.
  record Sent(ByteString numbers, ByteString texts, byte[] drained, byte[] read, int available) {}

  /// Sends `rows` rows of `width` numbers and one text; asks for `outputs`, or for all.
  Sent send(String id, int rows, int width, String... outputs) throws Exception {
    CompletableFuture<Sent> companion = accept("companion", rows, width, 7);
    Sent sent = accept(id, rows, width, 11, outputs).get(20, TimeUnit.SECONDS);
    companion.get(20, TimeUnit.SECONDS);
    return sent;
  }

  private CompletableFuture<Sent> accept(
      String id, int rows, int width, int seed, String... outputs) {
    ByteString numbers = numbers(rows * width, seed);
    ByteString texts = texts(rows, seed);
    InferRequest request =
        new InferRequest(
            "m",
            "",
            id,
            List.of(
                new Input("numbers_in", "FP32", new long[] {rows, width}, received(numbers)),
                new Input("texts_in", "BYTES", new long[] {rows, 1}, received(texts))),
            List.of(outputs),
            Parameters.NONE);
    Encoder encoder = new Encoder(numbers, texts);
    Payload payload = new Payload(numbers.size() + texts.size(), () -> {});
    pipeline.accept(
        new InferCall(request, payload, encoder, null, System.nanoTime(), BatchItem.NO_DEADLINE));
    return encoder.sent;
  }

  private static ReceivedBytes received(ByteString bytes) {
    ReceivedMessage message = new ReceivedMessage(List.of(bytes.asReadOnlyByteBuffer()));
    return new ReceivedBytes(message, 0, bytes.size());
  }

  private static ByteString numbers(int count, int seed) {
    ByteBuffer bytes = ByteBuffer.allocate(count * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < count; i++) {
      bytes.putFloat(seed * 1_000 + i);
    }
    return ByteString.copyFrom(bytes.flip());
  }

  /// Texts of different lengths; the first is long enough to be copied in chunks.
  private static ByteString texts(int rows, int seed) {
    ByteString texts = ByteString.EMPTY;
    for (int row = 0; row < rows; row++) {
      ByteString text = ByteString.copyFromUtf8("x".repeat(row == 0 ? 20_000 + seed : row * seed));
      ByteBuffer length =
          ByteBuffer.allocate(Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN).putInt(text.size());
      texts = texts.concat(ByteString.copyFrom(length.flip())).concat(text);
    }
    return texts;
  }

  /// Encodes the answer while its outputs are valid, as gRPC does.
  private static final class Encoder implements ReplyPort {
    final CompletableFuture<Sent> sent = new CompletableFuture<>();
    private final ByteString numbers;
    private final ByteString texts;

    Encoder(ByteString numbers, ByteString texts) {
      this.numbers = numbers;
      this.texts = texts;
    }

    @Override
    public void answer(InferCall call, BatchOutputs outputs, int firstRow) {
      try {
        ByteArrayOutputStream drained = new ByteArrayOutputStream();
        new InferReply(call, outputs, firstRow).drainTo(drained);
        InferReply reply = new InferReply(call, outputs, firstRow);
        int available = reply.available();
        sent.complete(
            new Sent(numbers, texts, drained.toByteArray(), reply.readAllBytes(), available));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    @Override
    public void refuse(InferCall call, Refusal refusal) {
      sent.completeExceptionally(new AssertionError(refusal.message()));
    }
  }

  private final class OneVersion implements ServingSet<ModelRuntime> {
    @Override
    public Lease<ModelRuntime> lease(String model, long version) {
      return new Lease<>() {
        @Override
        public ModelRuntime servable() {
          return runtime();
        }

        @Override
        public long version() {
          return 3;
        }

        @Override
        public void close() {}
      };
    }

    @Override
    public SortedSet<Long> readyVersions(String model) {
      return new TreeSet<>(List.of(3L));
    }

    @Override
    public List<String> readyModels() {
      return List.of("m");
    }
  }

  private static final class Nothing implements ModelDirectory {
    @Override
    public List<String> models() {
      return List.of();
    }

    @Override
    public List<VersionStatus> versions(String model) {
      return List.of();
    }
  }
}
