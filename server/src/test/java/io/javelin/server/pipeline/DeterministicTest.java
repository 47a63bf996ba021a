package io.javelin.server.pipeline;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.javelin.server.pipeline.ModelFixture.Tensor;
import io.javelin.server.pipeline.RuntimeSettings.Handling;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(60)
class DeterministicTest {
  private static final int MAX_ROWS = 16;
  private static final int TRIED_ROWS = 3;

  /// The demo models, asked for the same row in batches of every size and at every place.
  ///
  /// Without pre-packed weights ONNX Runtime multiplies a single row with another kernel, and each
  /// of these models then gives it other last bits than it gives in a batch (seen on x86-64).
  @ParameterizedTest
  @CsvSource({
    "cancer/1,features,30",
    "cancer/2,features,30",
    "digits/1,pixels,64",
    "digits/2,pixels,64"
  })
  void theSameRowGivesTheSameBitsWhateverItsBatchMates(String model, String input, int width)
      throws Exception {
    Map<String, String> options = Map.of("session.disable_prepacking", "1");
    Handling handling = new Handling(0, null, false, true, null);
    SplittableRandom random = new SplittableRandom(3);
    Path directory = Path.of("demo/registry", model);
    try (ModelFixture fixture = new ModelFixture(directory, MAX_ROWS, 0, handling, options)) {
      for (int tried = 0; tried < TRIED_ROWS; tried++) {
        float[] row = randomRows(random, width);
        Set<String> seen = new HashSet<>();
        for (int rows = 1; rows <= MAX_ROWS; rows++) {
          for (int at = 0; at < rows; at++) {
            float[] batch = randomRows(random, rows * width);
            System.arraycopy(row, 0, batch, at * width, width);
            seen.add(answer(fixture, Map.of(input, Tensor.of(batch, rows, width)), rows, at));
          }
        }
        assertEquals(1, seen.size(), "answers to row " + tried);
      }
    }
  }

  /// Bits of the probabilities of row `at`.
  private static String answer(
      ModelFixture fixture, Map<String, Tensor> request, int rows, int at) {
    Tensor all = Objects.requireNonNull(fixture.send(request).answer.join().get("probabilities"));
    int rowBytes = all.bytes().length / rows;
    return Arrays.toString(Arrays.copyOfRange(all.bytes(), at * rowBytes, (at + 1) * rowBytes));
  }

  private static float[] randomRows(SplittableRandom random, int count) {
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (float) random.nextDouble(-1, 1);
    }
    return values;
  }

  /// Zeros as padding rows could divide by zero; a copy of a real row cannot.
  @Test
  void paddingRowsAreCopiesOfARealRowAndCountAsNothing() throws Exception {
    PuppetEngine engine = new PuppetEngine(Integer.MAX_VALUE / 2);
    RuntimeSettings settings =
        PipelineFixture.settings(1, 4, 8, new Handling(0, null, false, true, null));
    try (PipelineFixture fixture = new PipelineFixture(engine, settings, System::nanoTime)) {
      fixture.send(1, 2, 3, 4).answer.join();
      while (fixture.openPayloads.get() > 0) {
        Thread.onSpinWait();
      }

      assertEquals("[1.0, 2.0, 3.0, 4.0, 1.0, 2.0, 1.0, 2.0]", engine.lastInput());
      assertEquals(2, fixture.telemetry.predictions.get());
      assertEquals(4, fixture.telemetry.realElements.get());
      assertEquals(4, fixture.telemetry.addedElements.get());
    }
  }
}
