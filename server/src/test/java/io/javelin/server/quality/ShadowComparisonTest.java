package io.javelin.server.quality;

import static io.javelin.server.quality.PredictionReaderTest.floats;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.javelin.loader.engine.DataType;
import io.javelin.server.quality.PredictionChoice.OutputKind;
import io.javelin.server.quality.ShadowComparison.Predictions;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class ShadowComparisonTest {
  private static final PredictionReader SCORES =
      new PredictionReader(0, DataType.FP32, OutputKind.SCORES, List.of(), true);

  private final ShadowComparison comparison = new ShadowComparison(0.01, 0.05);

  @Test
  void valuesAgreeWithinTheTolerance() throws IOException {
    JsonNode vector = vector("regression_pairs");
    JsonNode live = vector.get("input").get("live");
    JsonNode shadow = vector.get("input").get("shadow");
    for (int i = 0; i < live.size(); i++) {
      comparison.addRow(-1, live.get(i).doubleValue(), -1, shadow.get(i).doubleValue());
    }

    JsonNode expected = vector.get("expected");
    assertEquals(expected.get("n").intValue(), comparison.rows());
    assertEquals(
        expected.get("mean_abs_diff").doubleValue(),
        comparison.meanAbsoluteScoreDifference(),
        1e-12);
    assertEquals(
        expected.get("within_tol_rate(atol=0.01,rtol=0.05)").doubleValue(),
        comparison.agreeingRows() / (double) comparison.rows(),
        1e-12);
  }

  @Test
  void classesAgreeWhenTheyAreTheSame() throws IOException {
    JsonNode vector = vector("class_pairs");
    JsonNode input = vector.get("input");
    for (int i = 0; i < input.get("live").size(); i++) {
      comparison.addRow(
          input.get("live").get(i).asString().charAt(0) - 'a',
          Double.NaN,
          input.get("shadow").get(i).asString().charAt(0) - 'a',
          Double.NaN);
    }

    assertEquals(
        vector.get("expected").get("agreement").doubleValue(),
        comparison.agreeingRows() / (double) comparison.rows(),
        1e-12);
    assertTrue(Double.isNaN(comparison.meanAbsoluteScoreDifference()));
  }

  @Test
  void theDifferenceIsThatOfTheLiveClass() throws IOException {
    JsonNode vector = vector("probability_pairs");

    comparison.add(
        answer(vector.get("input").get("live")), answer(vector.get("input").get("shadow")), 4);

    assertEquals(
        vector.get("expected").get("top1_agreement").doubleValue(),
        comparison.agreeingRows() / 4.0,
        1e-12);
    // |0.70-0.68|, |0.8-0.8|, |0.40-0.34| although the shadow chose another class, |0.6-0.6|
    assertEquals((0.02 + 0 + 0.06 + 0) / 4, comparison.meanAbsoluteScoreDifference(), 1e-7);
  }

  @Test
  void rowsWithoutAScoreOnOneSideAreLeftOutOfTheMean() {
    comparison.addRow(1, 0.9, 1, Double.NaN);
    comparison.addRow(1, 0.9, 2, 0.5);

    assertEquals(2, comparison.rows());
    assertEquals(1, comparison.agreeingRows());
    assertEquals(0.4, comparison.meanAbsoluteScoreDifference(), 1e-12);
  }

  @Test
  void aValueThatIsNotANumberAgreesOnlyWithItself() {
    comparison.addRow(-1, Double.NaN, -1, Double.NaN);
    comparison.addRow(-1, Double.POSITIVE_INFINITY, -1, Double.POSITIVE_INFINITY);
    comparison.addRow(-1, 1.0, -1, Double.NaN);

    assertEquals(2, comparison.agreeingRows());
  }

  @Test
  void resetForgetsAllRows() {
    comparison.addRow(1, 0.9, 1, 0.8);
    comparison.reset();

    assertEquals(0, comparison.rows());
    assertEquals(0, comparison.agreeingRows());
    assertTrue(Double.isNaN(comparison.meanAbsoluteScoreDifference()));
  }

  @Test
  void refusesANegativeTolerance() {
    assertThrows(IllegalArgumentException.class, () -> new ShadowComparison(-1, 0));
    assertThrows(IllegalArgumentException.class, () -> new ShadowComparison(0, Double.NaN));
  }

  private static Predictions answer(JsonNode rows) {
    float[] values = new float[rows.size() * rows.get(0).size()];
    int next = 0;
    for (JsonNode row : rows) {
      for (JsonNode score : row) {
        values[next++] = (float) score.doubleValue();
      }
    }
    return new Predictions(SCORES, floats(values), (long) rows.get(0).size() * Float.BYTES);
  }

  private static JsonNode vector(String kind) throws IOException {
    try (InputStream in =
        Objects.requireNonNull(ShadowComparisonTest.class.getResourceAsStream("shadow.json"))) {
      return JsonMapper.shared().readTree(in).get(kind).get(0);
    }
  }
}
