package io.javelin.benchmarks.bench.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import inference.ModelInferRequest;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class BenchModelTest {
  private static final int ROWS = 8;

  static Stream<BenchModel> models() {
    return Stream.concat(BenchModel.all().stream(), Stream.of(BenchModel.mean(602_112)));
  }

  @ParameterizedTest
  @MethodSource("models")
  void givesARowTheSameAnswerAloneAndInABatch(BenchModel model) throws OrtException {
    OrtEnvironment environment = OrtEnvironment.getEnvironment();
    try (OrtSession session = environment.createSession(model.file().write())) {
      ByteBuffer rows = model.randomRows(ROWS, new SplittableRandom(3));
      float[] together = run(session, model, rows, ROWS);
      int width = together.length / ROWS;
      for (int row = 0; row < ROWS; row++) {
        ByteBuffer one = rows.slice(row * model.rowBytes(), model.rowBytes());
        float[] alone = run(session, model, one, 1);
        assertArrayEquals(
            Arrays.copyOfRange(together, row * width, (row + 1) * width), alone, 1e-4f);
      }
      assertTrue(together[0] > 0 && together[0] < 1, Arrays.toString(together));
    }
  }

  @ParameterizedTest
  @MethodSource("models")
  void writesTheSameFileAgain(BenchModel model) {
    assertArrayEquals(model.file().write(), model.file().write());
  }

  @Test
  void rowsDifferInTheirAnswers() throws OrtException {
    BenchModel model = BenchModel.tx();
    try (OrtSession session = OrtEnvironment.getEnvironment().createSession(model.file().write())) {
      float[] answers = run(session, model, model.randomRows(2, new SplittableRandom(5)), 2);
      assertTrue(Math.abs(answers[0] - answers[2]) > 1e-3, Arrays.toString(answers));
    }
  }

  @Test
  void requestsFitTheModelAndDiffer() throws Exception {
    BenchModel model = BenchModel.tx();
    ModelInferRequest first = ModelInferRequest.parseFrom(model.requests(2, 1).get(0));
    ModelInferRequest second = ModelInferRequest.parseFrom(model.requests(2, 1).get(1));
    assertEquals("tx", first.getModelName());
    assertEquals("INT64", first.getInputs(0).getDatatype());
    assertEquals(64 * Long.BYTES, first.getRawInputContents(0).size());
    assertTrue(!first.equals(second));
  }

  @Test
  void namesTheModelsThatExist() {
    IllegalArgumentException refused =
        assertThrows(IllegalArgumentException.class, () -> BenchModel.named("mpl"));
    assertEquals("expected model mlp, cnn, tx, got 'mpl'", refused.getMessage());
    assertThrows(IllegalArgumentException.class, () -> BenchModel.mean(6));
  }

  private static float[] run(OrtSession session, BenchModel model, ByteBuffer rows, int count)
      throws OrtException {
    ByteBuffer bytes = rows.order(ByteOrder.LITTLE_ENDIAN);
    long[] shape =
        LongStream.concat(
                LongStream.of(count), model.rowShape().stream().mapToLong(Long::longValue))
            .toArray();
    OrtEnvironment environment = OrtEnvironment.getEnvironment();
    try (OnnxTensor input =
            model.input() == BenchModel.Input.FP32
                ? OnnxTensor.createTensor(environment, bytes.asFloatBuffer(), shape)
                : OnnxTensor.createTensor(environment, bytes.asLongBuffer(), shape);
        OrtSession.Result result = session.run(Map.of(BenchModel.INPUT, input))) {
      FloatBuffer output = ((OnnxTensor) result.get(0)).getFloatBuffer();
      float[] values = new float[output.remaining()];
      output.get(values);
      return values;
    }
  }
}
