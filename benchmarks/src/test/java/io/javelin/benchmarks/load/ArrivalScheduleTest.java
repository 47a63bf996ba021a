package io.javelin.benchmarks.load;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class ArrivalScheduleTest {
  private static final int ARRIVALS = 200_000;

  @Test
  void keepsTheRateAndTheSpreadOfAPoissonProcess() {
    ArrivalSchedule schedule = new ArrivalSchedule(2_000, 7);
    double sum = 0;
    double squares = 0;
    long previous = 0;
    for (int i = 0; i < ARRIVALS; i++) {
      long next = schedule.next();
      double gap = next - previous;
      assertTrue(gap >= 0);
      sum += gap;
      squares += gap * gap;
      previous = next;
    }
    double mean = sum / ARRIVALS;
    double deviation = Math.sqrt(squares / ARRIVALS - mean * mean);
    assertEquals(500_000, mean, 5_000);
    // Exponential gaps spread as wide as their mean; a metronome would spread by 0.
    assertEquals(1.0, deviation / mean, 0.02);
  }

  @Test
  void sharesOfLongGapsFallExponentially() {
    ArrivalSchedule schedule = new ArrivalSchedule(1_000, 3);
    long previous = 0;
    int overThreeMeans = 0;
    for (int i = 0; i < ARRIVALS; i++) {
      long next = schedule.next();
      if (next - previous > 3_000_000) {
        overThreeMeans++;
      }
      previous = next;
    }
    assertEquals(Math.exp(-3), (double) overThreeMeans / ARRIVALS, 0.002);
  }

  @Test
  void repeatsBySeed() {
    assertEquals(first(7), first(7));
    assertNotEquals(first(7), first(8));
  }

  @Test
  void refusesARateThatIsNoRate() {
    assertThrows(IllegalArgumentException.class, () -> new ArrivalSchedule(0, 1));
    assertThrows(IllegalArgumentException.class, () -> new ArrivalSchedule(Double.NaN, 1));
    assertThrows(
        IllegalArgumentException.class, () -> new ArrivalSchedule(Double.POSITIVE_INFINITY, 1));
  }

  private static List<Long> first(long seed) {
    ArrivalSchedule schedule = new ArrivalSchedule(100, seed);
    return LongStream.generate(schedule::next).limit(50).boxed().toList();
  }
}
