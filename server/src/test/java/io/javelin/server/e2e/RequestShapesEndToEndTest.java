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
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Requests larger than a batch, and of other lengths than their batch mates, over the real port.
class RequestShapesEndToEndTest {
  private static final String MODELS =
      """
        - name: split
          engine: echo
          max_batch_size: 4
          instance_group: {count: 2}
          dynamic_batching: {enable_large_batch_splitting: true, deterministic: true}
        - name: whole
          engine: echo
          max_batch_size: 4
        - name: padded
          engine: echo
          dynamic_batching:
            padding:
              inputs: [{name: x, pad_value: 7}]
              buckets: [8, 4]
              outputs: [{name: y}]
      """;

  @TempDir static Path directory;
  private static DemoServer server;

  @BeforeAll
  static void start() throws Exception {
    String texts = "input.0 = x FP32 -1,2\ninput.1 = t BYTES -1,2\n";
    echoModel("split", texts + "output.0 = y copy\noutput.1 = u copy\n");
    echoModel("whole", "input.0 = x FP32 -1,2\noutput.0 = y copy\n");
    echoModel("padded", "input.0 = x FP32 -1,-1\noutput.0 = y copy\noutput.1 = s sum 0\n");
    server = DemoServer.start(directory, DemoServer.demoConfig() + MODELS);
  }

  private static void echoModel(String name, String text) throws Exception {
    Path version = Files.createDirectories(directory.resolve("registry/" + name + "/1"));
    Files.writeString(version.resolve("model.echo"), text);
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static float[][] rows(int count, int width) {
    float[][] rows = new float[count][width];
    for (int row = 0; row < count; row++) {
      for (int i = 0; i < width; i++) {
        rows[row][i] = row * 100 + i;
      }
    }
    return rows;
  }

  @Test
  void aRequestLargerThanABatchComesBackWholeNumbersAndTexts() {
    ByteBuffer texts = ByteBuffer.allocate(10_000).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < 11 * 2; i++) {
      byte[] text = "x".repeat(i * 3 % 17).concat("y" + i).getBytes(StandardCharsets.UTF_8);
      texts.putInt(text.length).put(text);
    }
    ByteString raw = ByteString.copyFrom(texts.flip());
    ModelInferRequest request =
        Requests.request("split", "x", rows(11, 2))
            .setId("large")
            .addInputs(
                InferInputTensor.newBuilder()
                    .setName("t")
                    .setDatatype("BYTES")
                    .addShape(11)
                    .addShape(2))
            .addRawInputContents(raw)
            .build();

    ModelInferResponse answer = server.client().call(request).response();

    assertEquals("large", answer.getId());
    assertEquals(request.getRawInputContents(0), answer.getRawOutputContents(0));
    assertEquals(raw, answer.getRawOutputContents(1));
    assertEquals(List.of(11L, 2L), answer.getOutputs(0).getShapeList());
    assertEquals(List.of(11L, 2L), answer.getOutputs(1).getShapeList());
  }

  @Test
  void withoutSplittingItIsRefused() {
    ModelInferRequest request = Requests.request("whole", "x", rows(5, 2)).build();

    StatusRuntimeException refused =
        assertThrows(StatusRuntimeException.class, () -> server.client().call(request));

    assertEquals(Status.Code.INVALID_ARGUMENT, refused.getStatus().getCode());
    assertEquals(
        "inference request batch-size must be <= 4 for 'whole', got 5",
        refused.getStatus().getDescription());
  }

  @Test
  void aPaddedRequestGetsItsOwnLengthBackAndTheModelSawThePadding() throws Exception {
    float[][] rows = rows(3, 5);
    ModelInferRequest request = Requests.request("padded", "x", rows).build();

    ModelInferResponse answer = server.client().call(request).response();

    assertEquals(request.getRawInputContents(0), answer.getRawOutputContents(0));
    assertEquals(List.of(3L, 5L), answer.getOutputs(0).getShapeList());
    assertArrayEquals(
        new float[] {10 + 3 * 7, 510 + 3 * 7, 1_010 + 3 * 7}, Requests.floats(answer, "s"));
    assertTrue(
        server
            .metrics()
            .contains("javelin_padded_input_elements_total{kind=\"padding\",model=\"padded\""));
  }

  @Test
  void aRequestLongerThanAllBucketsIsRefused() {
    ModelInferRequest request = Requests.request("padded", "x", rows(1, 9)).build();

    StatusRuntimeException refused =
        assertThrows(StatusRuntimeException.class, () -> server.client().call(request));

    assertEquals(Status.Code.INVALID_ARGUMENT, refused.getStatus().getCode());
  }
}
