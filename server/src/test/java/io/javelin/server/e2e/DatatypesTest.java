package io.javelin.server.e2e;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import inference.ModelInferRequest;
import inference.ModelInferRequest.InferInputTensor;
import inference.ModelInferResponse;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.javelin.loader.engine.DataType;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Identity models of every datatype give back, through the real port, the bytes that were sent.
class DatatypesTest {
  private static final Path MODELS = Path.of("../model-loader/src/test/resources/models");
  private static final int WIDTH = 4;
  private static final long SEED = 4_711;

  @TempDir static Path directory;
  private static DemoServer server;

  @BeforeAll
  static void start() throws Exception {
    List<String> names =
        Stream.concat(
                Arrays.stream(DataType.values()).map(DatatypesTest::model),
                Stream.of("dynamic_bytes", "scalar"))
            .toList();
    for (String name : names) {
      Path version = Files.createDirectories(directory.resolve("registry/" + name + "/1"));
      Files.copy(MODELS.resolve(name + ".onnx"), version.resolve("model.onnx"));
    }
    String models =
        names.stream()
            .map(name -> "  - {name: %s, warmup: {iterations: 1}}\n".formatted(name))
            .collect(Collectors.joining());
    String demo = DemoServer.demoConfig();
    server = DemoServer.start(directory, demo.substring(0, demo.indexOf("  # Canary")) + models);
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static String model(DataType type) {
    return "identity_" + type.name().toLowerCase(Locale.ROOT);
  }

  private static ModelInferResponse infer(
      String model, DataType type, ByteString raw, long... shape) {
    InferInputTensor.Builder input =
        InferInputTensor.newBuilder().setName("INPUT").setDatatype(type.name());
    for (long dimension : shape) {
      input.addShape(dimension);
    }
    return server
        .inference()
        .modelInfer(
            ModelInferRequest.newBuilder()
                .setModelName(model)
                .addInputs(input)
                .addRawInputContents(raw)
                .build());
  }

  @ParameterizedTest
  @EnumSource(DataType.class)
  void bytesComeBackAsTheyWere(DataType type) {
    for (int rows : new int[] {1, 3, 64}) {
      ByteString raw = values(type, rows * WIDTH);

      ModelInferResponse response = infer(model(type), type, raw, rows, WIDTH);

      assertEquals(type.name(), response.getOutputs(0).getDatatype());
      assertEquals(List.of((long) rows, (long) WIDTH), response.getOutputs(0).getShapeList());
      assertArrayEquals(raw.toByteArray(), response.getRawOutputContents(0).toByteArray());
    }
  }

  /// Strings of different lengths, of several callers in one batch: each gets its own.
  @Test
  void stringsOfManyCallersAreNotMixedUp() throws Exception {
    try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> done =
          Stream.iterate(0, i -> i + 1)
              .limit(32)
              .<Future<?>>map(i -> callers.submit(() -> sendStrings(i)))
              .toList();
      for (Future<?> one : done) {
        one.get();
      }
    }
  }

  private static void sendStrings(int caller) {
    for (int i = 0; i < 20; i++) {
      String[] texts = new String[(1 + i % 3) * 2];
      for (int t = 0; t < texts.length; t++) {
        texts[t] = (caller + "/" + i + "/" + t + "-").repeat((caller * 7 + i + t) % 40);
      }
      ByteString raw = strings(texts);
      ModelInferResponse response =
          infer("dynamic_bytes", DataType.BYTES, raw, texts.length / 2, 2);
      assertEquals(raw, response.getRawOutputContents(0));
    }
  }

  /// ONNX Runtime's Java API would cut the text there, silently.
  @Test
  void refusesATextThatTheEngineWouldChange() {
    StatusRuntimeException refused =
        assertThrows(
            StatusRuntimeException.class,
            () -> infer("dynamic_bytes", DataType.BYTES, strings("he\0llo"), 1, 1));

    assertEquals(Status.Code.INTERNAL, refused.getStatus().getCode());
    String message = String.valueOf(refused.getStatus().getDescription());
    assertTrue(message.contains("'INPUT'") && message.contains("U+0000"), message);
  }

  @Test
  void aModelWithoutDimensionsAnswersAScalar() {
    ByteString raw = values(DataType.INT64, 1);

    ModelInferResponse response = infer("scalar", DataType.INT64, raw);

    assertEquals(List.of(), response.getOutputs(0).getShapeList());
    assertEquals(raw, response.getRawOutputContents(0));
  }

  private static ByteString values(DataType type, int elements) {
    Random random = new Random(SEED);
    if (type == DataType.BYTES) {
      String[] texts = new String[elements];
      for (int i = 0; i < elements; i++) {
        texts[i] = "\u00e4\u4e2d".repeat(random.nextInt(5));
      }
      return strings(texts);
    }
    byte[] bytes = new byte[elements * type.elementBytes()];
    random.nextBytes(bytes);
    if (type == DataType.BOOL) {
      for (int i = 0; i < bytes.length; i++) {
        bytes[i] &= 1;
      }
    }
    return ByteString.copyFrom(bytes);
  }

  private static ByteString strings(String... texts) {
    ByteString raw = ByteString.EMPTY;
    for (String text : texts) {
      byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
      ByteBuffer length =
          ByteBuffer.allocate(Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN).putInt(bytes.length);
      raw = raw.concat(ByteString.copyFrom(length.flip())).concat(ByteString.copyFrom(bytes));
    }
    return raw;
  }
}
