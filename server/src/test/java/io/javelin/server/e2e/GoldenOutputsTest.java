package io.javelin.server.e2e;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import inference.ModelInferResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/// The demo models answer through the server what ONNX Runtime answered where they were made.
class GoldenOutputsTest {
  @TempDir static Path directory;
  private static DemoServer server;

  @BeforeAll
  static void start() throws Exception {
    server = DemoServer.start(directory, DemoServer.demoConfig());
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @ParameterizedTest
  @CsvSource({
    "cancer,1,features",
    "cancer,2,features",
    "digits,1,pixels",
    "digits,2,pixels",
  })
  void answersTheGoldenOutputs(String model, String version, String input) throws Exception {
    Golden golden = Golden.read(model, version, input);

    ModelInferResponse whole = infer(model, version, input, golden.rows());

    assertEquals(version, whole.getModelVersion());
    assertEquals(golden.rows().length, whole.getOutputs(0).getShape(0));
    assertArrayEquals(golden.labels(), Requests.longs(whole, "label"));
    assertArrayEquals(
        golden.probabilities(), Requests.floats(whole, "probabilities"), golden.tolerance());
  }

  @ParameterizedTest
  @CsvSource({"cancer,2,features", "digits,2,pixels"})
  void answersRowByRowWhatItAnswersForAllRows(String model, String version, String input)
      throws Exception {
    Golden golden = Golden.read(model, version, input);
    int width = golden.probabilities().length / golden.rows().length;

    for (int row = 0; row < golden.rows().length; row++) {
      ModelInferResponse one = infer(model, version, input, new float[][] {golden.rows()[row]});
      int first = row * width;
      float[] expected = new float[width];
      System.arraycopy(golden.probabilities(), first, expected, 0, width);
      assertArrayEquals(expected, Requests.floats(one, "probabilities"), golden.tolerance());
    }
  }

  private static ModelInferResponse infer(
      String model, String version, String input, float[][] rows) {
    return server
        .inference()
        .modelInfer(Requests.request(model, input, rows).setModelVersion(version).build());
  }

  /// Inputs and expected outputs of one version.
  private record Golden(float[][] rows, long[] labels, float[] probabilities, float tolerance) {
    static Golden read(String model, String version, String input) throws Exception {
      JsonNode file =
          new ObjectMapper()
              .readTree(
                  Files.readString(
                      DemoServer.DEMO.resolve("golden/" + model + "-" + version + ".json")));
      JsonNode outputs = file.get("outputs");
      float[][] probabilities = matrix(outputs.get("probabilities"));
      float[] flat = new float[probabilities.length * probabilities[0].length];
      for (int i = 0; i < flat.length; i++) {
        flat[i] = probabilities[i / probabilities[0].length][i % probabilities[0].length];
      }
      long[] labels = outputs.get("label").valueStream().mapToLong(JsonNode::longValue).toArray();
      return new Golden(
          matrix(file.get("inputs").get(input)), labels, flat, file.get("tolerance").floatValue());
    }

    private static float[][] matrix(JsonNode rows) {
      return IntStream.range(0, rows.size())
          .mapToObj(i -> row(rows.get(i)))
          .toArray(float[][]::new);
    }

    private static float[] row(JsonNode values) {
      float[] row = new float[values.size()];
      for (int i = 0; i < row.length; i++) {
        row[i] = values.get(i).floatValue();
      }
      return row;
    }
  }
}
