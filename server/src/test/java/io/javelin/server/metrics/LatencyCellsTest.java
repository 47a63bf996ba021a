package io.javelin.server.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class LatencyCellsTest {
  private final LatencyCells cells = new LatencyCells();

  @Test
  void classicBoundsAreAtMostAFactorOf1_28ApartFrom10MicrosTo10Seconds() {
    double[] bounds = cells.classicUpperBounds();

    assertEquals(1e-5, bounds[0]);
    assertEquals(10.0, bounds[bounds.length - 2]);
    assertEquals(Double.POSITIVE_INFINITY, bounds[bounds.length - 1]);
    for (int i = 1; i < bounds.length - 1; i++) {
      assertTrue(bounds[i] > bounds[i - 1], "ascending at " + i);
      assertTrue(bounds[i] / bounds[i - 1] <= 1.28 + 1e-9, bounds[i - 1] + " to " + bounds[i]);
    }
  }

  @Test
  void everyDurationFallsIntoItsClassicAndItsNativeBucket() {
    Random random = new Random(7);
    for (int i = 0; i < 200_000; i++) {
      long nanos = (long) Math.pow(2, random.nextDouble() * 62);
      assertBuckets(nanos);
    }
  }

  @Test
  void aBoundBelongsToTheBucketItEnds() {
    double[] bounds = cells.classicUpperBounds();
    for (int i = 0; i < bounds.length - 1; i++) {
      long nanos = Math.round(bounds[i] * 1e9);
      assertEquals(i, cells.classicBucket(cells.cellOf(nanos)));
      assertEquals(i + 1, cells.classicBucket(cells.cellOf(nanos + 1)));
    }
  }

  @Test
  void extremesHaveACell() {
    assertEquals(0, cells.cellOf(0));
    assertEquals(0, cells.cellOf(-1));
    assertEquals(0, cells.cellOf(Long.MIN_VALUE));
    assertEquals(cells.count() - 1, cells.cellOf(Long.MAX_VALUE));
  }

  @Test
  void nativeIndexesEqualTheVectors() {
    for (JsonNode vector : Vectors.latency().get("native_histogram_index")) {
      long nanos = Math.round(vector.get("input").get("v").doubleValue() * 1e9);
      assertEquals(
          vector.get("expected").get("index").intValue(),
          cells.nativeIndex(cells.cellOf(nanos)),
          vector.toString());
    }
  }

  private void assertBuckets(long nanos) {
    int cell = cells.cellOf(nanos);
    double[] bounds = cells.classicUpperBounds();
    int classic = cells.classicBucket(cell);
    assertTrue(nanos <= Math.rint(bounds[classic] * 1e9), nanos + " above its bucket");
    assertTrue(
        classic == 0 || nanos > Math.rint(bounds[classic - 1] * 1e9), nanos + " below its bucket");

    double exact = Math.log(nanos / 1e9) / Math.log(2) * 8;
    double clamped = Math.min(exact, 48.5);
    int expected = exact <= -17 * 8 ? LatencyCells.NATIVE_ZERO : (int) Math.ceil(clamped);
    if (Math.abs(exact - Math.rint(exact)) > 1e-3) {
      assertEquals(expected, cells.nativeIndex(cell), "native bucket of " + nanos);
    }
  }
}
