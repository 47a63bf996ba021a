package io.javelin.benchmarks.start;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.javelin.benchmarks.load.RunManifest;
import io.javelin.benchmarks.start.StartTimes.Sample;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class StartTimesTest {
  private static final long MILLI = 1_000_000;

  private static StartTimes times(long... readyMillis) {
    StartTimes times = new StartTimes("kind");
    for (long ready : readyMillis) {
      times.add(new Sample(ready * MILLI, (ready + 10) * MILLI, 5 * MILLI, 7 * MILLI));
    }
    return times;
  }

  @Test
  void theMedianIsTheMiddleOne() {
    assertEquals(20.0 * MILLI, times(30, 10, 20).median(Sample::readyNanos));
  }

  @Test
  void theMedianOfAnEvenNumberLiesBetween() {
    assertEquals(25.0 * MILLI, times(40, 10, 30, 20).median(Sample::readyNanos));
  }

  @Test
  void theTableHasBothKindsAndTheirRatio() {
    RunManifest manifest =
        new RunManifest(Instant.EPOCH, "abc", 2, "a processor", "an os", "a jvm", List.of());
    String table = StartTimes.markdown(manifest, times(100, 300, 200), times(50, 60, 40));
    assertTrue(
        table.contains("| kind | 200 [100-300] | 210 [110-310] | 5 [5-5] | 7 [7-7] |"), table);
    assertTrue(table.contains("| kind | 50 [40-60] | 60 [50-70] | 5 [5-5] | 7 [7-7] |"), table);
    assertTrue(table.contains("| ratio of medians | 0.25 | 0.29 | 1.00 | 1.00 |"), table);
  }
}
