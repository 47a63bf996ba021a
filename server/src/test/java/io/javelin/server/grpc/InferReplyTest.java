package io.javelin.server.grpc;

import static org.junit.jupiter.api.Assertions.assertEquals;

import inference.ModelInferResponse;
import inference.ModelInferResponse.InferOutputTensor;
import java.io.ByteArrayOutputStream;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The hand-written encoder against the generated classes, which are the oracle.
class InferReplyTest {
  private static final ReplyFixture FIXTURE = new ReplyFixture();

  @BeforeAll
  static void open() throws Exception {
    FIXTURE.open();
  }

  @AfterAll
  static void close() {
    FIXTURE.close();
  }

  private static void assertEncoded(ModelInferResponse expected, byte[] bytes) throws Exception {
    assertEquals(expected, ModelInferResponse.parseFrom(bytes));
    assertEquals(expected.getSerializedSize(), bytes.length);
  }

  private static ModelInferResponse.Builder response(String id) {
    return ModelInferResponse.newBuilder().setModelName("m").setModelVersion("3").setId(id);
  }

  private static InferOutputTensor tensor(String name, String type, long... shape) {
    InferOutputTensor.Builder tensor =
        InferOutputTensor.newBuilder().setName(name).setDatatype(type);
    for (long dimension : shape) {
      tensor.addShape(dimension);
    }
    return tensor.build();
  }

  /// 1 float per row is tiny; 5,000 per row make an output that is copied in several chunks.
  @ParameterizedTest
  @ValueSource(ints = {1, 127, 128, 5_000})
  void encodesNumbersAndTexts(int width) throws Exception {
    for (String id : List.of("", "request-1", "\u4e2d")) {
      ReplyFixture.Sent sent = FIXTURE.send(id, 3, width);

      assertEncoded(
          response(id)
              .addOutputs(tensor("numbers", "FP32", 3, width))
              .addOutputs(tensor("texts", "BYTES", 3, 1))
              .addRawOutputContents(sent.numbers())
              .addRawOutputContents(sent.texts())
              .build(),
          sent.drained());
    }
  }

  @Test
  void encodesOnlyWhatWasAskedFor() throws Exception {
    ReplyFixture.Sent texts = FIXTURE.send("r", 2, 4, "texts");
    assertEncoded(
        response("r")
            .addOutputs(tensor("texts", "BYTES", 2, 1))
            .addRawOutputContents(texts.texts())
            .build(),
        texts.drained());

    ReplyFixture.Sent numbers = FIXTURE.send("r", 2, 4, "numbers");
    assertEncoded(
        response("r")
            .addOutputs(tensor("numbers", "FP32", 2, 4))
            .addRawOutputContents(numbers.numbers())
            .build(),
        numbers.drained());
  }

  /// A compressing transport reads instead of draining.
  @Test
  void readsAsItDrains() throws Exception {
    ReplyFixture.Sent sent = FIXTURE.send("r", 3, 5_000);

    assertEquals(sent.drained().length, sent.available());
    ByteArrayOutputStream oneByOne = new ByteArrayOutputStream();
    oneByOne.writeBytes(sent.read());
    assertEquals(
        ModelInferResponse.parseFrom(sent.drained()),
        ModelInferResponse.parseFrom(oneByOne.toByteArray()));
  }
}
