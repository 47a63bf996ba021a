package io.javelin.batching;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ServiceTimeModelTest {
  private static final long MS = 1_000_000;

  private final ServiceTimeModel model = new ServiceTimeModel();

  @Test
  void knowsNothingBeforeTheFirstRun() {
    assertEquals(0, model.estimateNanos("a", 1));
    assertEquals(0, model.estimateNanos(7));
    assertFalse(model.isLearned());
  }

  @Test
  void hasLearnedAfterAFewRuns() {
    record("a", 1, MS, ServiceTimeModel.LEARNED_RUNS - 1);
    assertFalse(model.isLearned());
    record("a", 1, MS, 1);
    assertTrue(model.isLearned());
  }

  @ParameterizedTest
  @CsvSource({
    // Seen: 4 rows in 2 ms, 16 rows in 5 ms, that is 0.25 ms per row and 1 ms for nothing.
    "4, 2_000_000",
    "16, 5_000_000",
    "10, 3_500_000",
    "13, 4_250_000",
    // Fewer rows cost no more than the fewest seen; more go on along the line.
    "1, 2_000_000",
    "20, 6_000_000",
    "1000, 251_000_000",
  })
  void interpolatesBetweenTheRowsItHasSeen(int rows, String expectedNanos) {
    record("a", 4, 2 * MS, 5);
    record("a", 16, 5 * MS, 5);
    assertClose(Long.parseLong(expectedNanos.replace("_", "")), model.estimateNanos("a", rows));
  }

  @Test
  void withOneSizeSeenMoreRowsCostInProportion() {
    record("a", 8, 2 * MS, 5);
    assertClose(8 * MS, model.estimateNanos("a", 32));
    assertClose(2 * MS, model.estimateNanos("a", 1));
  }

  @Test
  void moreRowsNeverCostLessThanTheLargestSeen() {
    record("a", 1, 9 * MS, 5);
    record("a", 8, 4 * MS, 5);
    assertClose(4 * MS, model.estimateNanos("a", 64));
  }

  @Test
  void oneDescheduledRunMovesTheEstimateByAnEighthAtMost() {
    record("a", 8, MS, 20);
    record("a", 8, 1_000 * MS, 1);
    assertTrue(model.estimateNanos("a", 8) <= MS * 9 / 8 + 10, estimateOf("a", 8));
  }

  @Test
  void aFirstRunThatWasDescheduledIsForgottenAtOnce() {
    record("a", 8, 1_000 * MS, 1);
    record("a", 8, MS, 2);
    assertClose(MS, model.estimateNanos("a", 8));
  }

  @Test
  void aSizeSeenOnceIsNotTrustedMoreThanTheLineBetweenOthers() {
    record("a", 4, 2 * MS, 5);
    record("a", 16, 5 * MS, 5);
    record("a", 10, 1_000 * MS, 1);
    assertClose(3_500_000, model.estimateNanos("a", 10));
  }

  @Test
  void aModelThatHasBecomeSlowIsBelievedAfterSomeRuns() {
    record("a", 8, MS, 20);
    record("a", 8, 10 * MS, 25);
    assertTrue(model.estimateNanos("a", 8) > 7 * MS, estimateOf("a", 8));
    record("a", 8, MS, 8);
    assertTrue(model.estimateNanos("a", 8) <= 2 * MS, estimateOf("a", 8));
  }

  @Test
  void keysHaveTimesOfTheirOwn() {
    record("short", 8, MS, 5);
    record("long", 8, 40 * MS, 5);
    assertClose(MS, model.estimateNanos("short", 8));
    assertClose(40 * MS, model.estimateNanos("long", 8));
  }

  @Test
  void anUnknownKeyIsEstimatedFromAllOthers() {
    record("a", 8, 3 * MS, 5);
    assertClose(3 * MS, model.estimateNanos("never seen", 8));
  }

  @Test
  void keysBeyondTheBoundShareTheCurveOfAll() {
    for (int key = 0; key < 10 * ServiceTimeModel.MAX_KEYS; key++) {
      record(key, 8, 2 * MS, 5);
    }
    record("late", 8, 3 * MS, 1);
    long late = model.estimateNanos("late", 8);
    assertEquals(model.estimateNanos(8), late);
    assertClose(2 * MS, model.estimateNanos(0, 8));
  }

  @Test
  void whatDidNotRunForAnEpochIsForgotten() {
    record("a", 64, 1_000 * MS, 5);
    record("gone", 1, 500 * MS, 5);
    record("a", 1, MS, 2 * ServiceTimeModel.EPOCH_RUNS);
    assertClose(64 * MS, model.estimateNanos("a", 64));
    assertClose(MS, model.estimateNanos("gone", 1));
    assertTrue(model.isLearned());
  }

  @Test
  void aKeyThatLeftMakesRoomForANewOne() {
    for (int key = 0; key < ServiceTimeModel.MAX_KEYS; key++) {
      record(key, 8, 2 * MS, 5);
    }
    record(0, 8, 2 * MS, 2 * ServiceTimeModel.EPOCH_RUNS);
    record("new", 8, 30 * MS, 3);
    assertClose(30 * MS, model.estimateNanos("new", 8));
  }

  @Test
  void runsOfMinutesAreNotCutShort() {
    record("a", 1, 60_000 * MS, 5);
    record("a", 4, 90_000 * MS, 5);
    assertClose(60_000 * MS, model.estimateNanos("a", 1));
    assertClose(70_000 * MS, model.estimateNanos("a", 2));
    assertClose(100_000 * MS, model.estimateNanos("a", 5));
  }

  @Test
  void nonsenseIsIgnored() {
    model.record("a", 0, MS);
    model.record("a", 1, 0);
    assertEquals(0, model.estimateNanos("a", 1));
  }

  @Test
  void hugeRowCountsStayInOrder() {
    record("a", Integer.MAX_VALUE, MS, 5);
    assertClose(MS, model.estimateNanos("a", Integer.MAX_VALUE));
    assertClose(MS, model.estimateNanos("a", 1));
  }

  @Test
  void severalRecordersAndAskersNeverSeeAValueOutsideWhatWasRecorded() throws Exception {
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      int rows = 1 + 7 * i;
      threads.add(
          Thread.ofPlatform()
              .start(() -> {
                for (int run = 0; run < 3 * ServiceTimeModel.EPOCH_RUNS; run++) {
                  model.record("a", rows, MS + run % 2 * MS);
                }
              }));
    }
    model.record("a", 1, MS);
    while (threads.stream().anyMatch(Thread::isAlive)) {
      long estimate = model.estimateNanos("a", 8);
      assertTrue(estimate >= MS / 2 && estimate <= 20 * MS, () -> "estimate " + estimate);
    }
    for (Thread thread : threads) {
      thread.join();
    }
    assertTrue(model.estimateNanos("a", 8) <= 2 * MS, estimateOf("a", 8));
  }

  private void record(Object key, int rows, long nanos, int times) {
    for (int i = 0; i < times; i++) {
      model.record(key, rows, nanos);
    }
  }

  private String estimateOf(Object key, int rows) {
    return "estimate " + model.estimateNanos(key, rows);
  }

  private static void assertClose(long expected, long actual) {
    assertEquals((double) expected, (double) actual, expected * 0.01 + 1);
  }
}
