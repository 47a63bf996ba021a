package io.javelin.batching;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BatchingConfigTest {
  @ParameterizedTest
  @CsvSource({
    "0, 8, 0, 'maxBatchRows = 0, expected at least 1'",
    "8, 7, 0, 'maxQueueRows = 7, expected at least maxBatchRows (8)'",
    "8, 8, -1, 'maxQueueDelayNanos = -1, expected 0 to 3600000000000'",
    "8, 8, 3600000000001, 'maxQueueDelayNanos = 3600000000001, expected 0 to 3600000000000'",
  })
  void refusesWithKeyValueAndExpectation(int batch, int queue, long delay, String message) {
    var refusal =
        assertThrows(
            IllegalArgumentException.class,
            () -> new BatchingConfig(batch, queue, delay, List.of()));
    assertEquals(message, refusal.getMessage());
  }

  @Test
  void refusesPreferredRowsThatDoNotAscendWithinTheMaximum() {
    for (List<Integer> bad : List.of(List.of(4, 4), List.of(4, 2), List.of(0), List.of(4, 9))) {
      var refusal =
          assertThrows(IllegalArgumentException.class, () -> new BatchingConfig(8, 8, 0, bad));
      assertEquals(
          "preferredRows = " + bad + ", expected ascending sizes from 1 to maxBatchRows (8)",
          refusal.getMessage());
    }
  }

  @Test
  void keepsItsOwnCopyOfThePreferredRows() {
    List<Integer> mine = new ArrayList<>(List.of(2, 4));
    BatchingConfig config = new BatchingConfig(8, 8, 0, mine);
    mine.add(6);
    assertEquals(List.of(2, 4), config.preferredRows());
  }
}
