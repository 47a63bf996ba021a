package io.javelin.batching;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class EfficientRowsTest {
  @ParameterizedTest
  @CsvSource({
    // microseconds of 1, 2, 4, 8, 16, 32 and 64 rows -> rows
    "3 3.3 3.8 4.9 6.9 11 20, 64", // every row is cheaper than the one before
    "27 46 87 170 335 668 1349, 8", // nothing to gain beyond 8
    "762 1487 2935 5845 12850 25430 62850, 4", // dearer again beyond 8
    "100 200 400 800 1600 3200 6400, 4", // nothing to gain at all
  })
  void findsWhereLargerBatchesGainNothing(String micros, int rows) {
    ServiceTimeModel times = new ServiceTimeModel();
    int size = 1;
    for (String each : micros.split(" ", -1)) {
      for (int i = 0; i < 4; i++) {
        times.record("key", size, Math.round(Double.parseDouble(each) * 1_000));
      }
      size *= 2;
    }
    assertEquals(rows, new EfficientRows(times, 64).rows());
  }

  @Test
  void isTheMaximumWhileNothingIsLearned() {
    assertEquals(48, new EfficientRows(new ServiceTimeModel(), 48).rows());
  }
}
