package io.javelin.batching;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.javelin.batching.BatchFormer.Decision;
import io.javelin.batching.BatchFormer.Decision.Close;
import io.javelin.batching.BatchFormer.Decision.Wait;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BatchFormerTest {
  private static final long DELAY = 2_000_000;
  private static final long MARGIN = BatchFormer.DEADLINE_MARGIN_NANOS;

  private final AtomicLong clock = new AtomicLong(1_000);
  private final ItemRing<TestItem> waiting = new ItemRing<>();

  /// Requests are written as `rows` plus a letter for the key, all just arrived: `3a 2a 1b`.
  @ParameterizedTest(name = "{0} | delay {1}, preferred {2} -> {3} {4}")
  @CsvSource({
    // An idle instance takes what is there.
    "1a,                0, '',    1, IDLE",
    "1a 2a 4a,          0, '',    3, IDLE",
    "1a 2a 4a,          0, '3 4', 3, IDLE",
    // The maximum is 8 rows.
    "8a,                0, '',    1, FULL",
    "3a 5a,             0, '',    2, FULL",
    "3a 5a 1a,          0, '',    2, FULL",
    "3a 4a 2a 1a,       0, '',    2, FULL",
    "3a 5a,             1, '3',   2, FULL",
    "3a 4a 2a,          1, '3',   2, FULL",
    // Another key ends the batch, unless it is full exactly then.
    "1a 2b,             0, '',    1, KEY",
    "1a 1a 2b 1a,       0, '',    2, KEY",
    "1a 1a 2b,          1, '1',   2, KEY",
    "4a 4a 2b,          1, '',    2, FULL",
    "4a 8b,             0, '',    1, KEY",
    // With a delay, the largest preferred size that is met exactly.
    "2a,                1, '2 4', 1, PREFERRED",
    "2a 2a,             1, '2 4', 2, PREFERRED",
    "2a 2a 1a,          1, '2 4', 2, PREFERRED",
    "2a 1a 2a,          1, '2 4', 1, PREFERRED",
    "1a 2a 2a 1a,       1, '5',   3, PREFERRED",
    // Admitted before the maximum was lowered.
    "9a 1a,             0, '',    1, FULL",
    "1a 9a,             0, '',    1, FULL",
  })
  void closes(String requests, int delayed, String preferred, int items, CloseCause cause) {
    enqueue(requests);
    BatchFormer former = former(delayed == 1 ? DELAY : 0, preferred);
    assertEquals(new Close(items, cause), decide(former));
  }

  @Test
  void waitsUntilTheOldestHasWaitedItsShare() {
    BatchFormer former = former(DELAY, "");
    enqueue("1a");
    long due = clock.get() + DELAY;
    clock.addAndGet(DELAY / 2);
    enqueue("1a");
    assertEquals(new Wait(due), decide(former));
    clock.set(due - 1);
    assertEquals(new Wait(due), decide(former));
    clock.set(due);
    assertEquals(new Close(2, CloseCause.DELAY), decide(former));
  }

  @Test
  void waitsWhenNoPreferredSizeIsMetExactly() {
    enqueue("3a 2a");
    assertEquals(new Wait(clock.get() + DELAY), decide(former(DELAY, "2 4 6")));
  }

  @Test
  void survivesClockWrap() {
    BatchFormer former = former(DELAY, "");
    clock.set(Long.MAX_VALUE - 10);
    enqueue("1a");
    long due = clock.get() + DELAY;
    assertTrue(due < 0, "the due time lies beyond the wrap");
    assertEquals(new Wait(due), decide(former));
    clock.addAndGet(100);
    assertEquals(new Wait(due), decide(former));
    clock.set(due);
    assertEquals(new Close(1, CloseCause.DELAY), decide(former));
  }

  @Test
  void closesBeforeTheEarliestDeadlineOfACandidate() {
    BatchFormer former = former(DELAY, "");
    long deadline = clock.get() + DELAY;
    enqueue("1a");
    add(TestItem.withDeadline(1, deadline));
    add(TestItem.withDeadline(1, deadline + 10));
    assertEquals(new Wait(deadline - MARGIN), decide(former));
    clock.set(deadline - MARGIN);
    assertEquals(new Close(3, CloseCause.DEADLINE), decide(former));
  }

  @Test
  void closesBeforeADeadlineBeyondTheWrap() {
    BatchFormer former = former(DELAY, "");
    clock.set(Long.MAX_VALUE - MARGIN);
    long deadline = clock.get() + DELAY;
    add(TestItem.withDeadline(1, deadline));
    assertEquals(new Wait(deadline - MARGIN), decide(former));
  }

  @Test
  void leavesTheTightestDeadlineTheTimeOfAFullRun() {
    ServiceTimeModel known = new ServiceTimeModel();
    for (int i = 0; i < 10; i++) {
      known.record(TestItem.ANY_KEY, 8, 3 * DELAY);
    }
    BatchFormer former = new BatchFormer(new BatchingConfig(8, 64, DELAY, List.of()), known);
    long deadline = clock.get() + 4 * DELAY;
    enqueue("1a");
    add(TestItem.withDeadline(1, deadline));
    long due = deadline - known.estimateNanos(TestItem.ANY_KEY, 8) - MARGIN;
    assertTrue(due < clock.get() + DELAY, "the run takes more than the delay leaves");
    assertEquals(new Wait(due), decide(former));
    clock.set(due);
    assertEquals(new Close(2, CloseCause.DEADLINE), decide(former));
  }

  @Test
  void endsABatchWhereItWouldMakeARequestMissItsDeadline() {
    BatchFormer former =
        new BatchFormer(new BatchingConfig(8, 64, 0, List.of()), withFixedCost(1_000_000));
    long deadline = clock.get() + 5_000_000 + MARGIN;
    add(TestItem.withDeadline(1, deadline));
    enqueue("1a 1a 1a 1a");
    assertEquals(new Close(3, CloseCause.DEADLINE), decide(former));
  }

  @Test
  void aNewcomerInAHurryDoesNotJoinABatchThatIsTooLongForIt() {
    BatchFormer former =
        new BatchFormer(new BatchingConfig(8, 64, 0, List.of()), withFixedCost(1_000_000));
    enqueue("1a 1a 1a");
    add(TestItem.withDeadline(1, clock.get() + 4_000_000 + MARGIN));
    assertEquals(new Close(3, CloseCause.DEADLINE), decide(former));
  }

  @Test
  void aRequestThatIsLateEvenAloneDoesNotMakeTheBatchSmall() {
    BatchFormer former =
        new BatchFormer(new BatchingConfig(8, 64, 0, List.of()), withFixedCost(1_000_000));
    add(TestItem.withDeadline(1, clock.get() + 900_000));
    enqueue("1a 1a 1a 1a");
    assertEquals(new Close(5, CloseCause.IDLE), decide(former));
  }

  /// A run costs two rows more than it has.
  private static ServiceTimeModel withFixedCost(long nanos) {
    ServiceTimeModel known = new ServiceTimeModel();
    for (int rows = 1; rows <= 8; rows++) {
      for (int i = 0; i < 4; i++) {
        known.record(TestItem.ANY_KEY, rows, (rows + 2) * nanos);
      }
    }
    return known;
  }

  @ParameterizedTest(name = "costs {0} -> {1} requests")
  @CsvSource({
    "4 4 1,3,IDLE",
    "3 4 4,2,FULL",
    "10,1,FULL",
    "10 10,1,FULL",
    "1 9 1,2,FULL",
    "12 1,1,FULL"
  })
  void keepsABatchWithinItsCost(String costs, int items, CloseCause cause) {
    BatchingConfig.CostBound bound = new BatchingConfig.CostBound(10, "tokens", 1);
    BatchFormer former =
        new BatchFormer(new BatchingConfig(8, 64, 0, List.of(), bound, QueueingConfig.PLAIN));
    for (String cost : costs.split(" ", -1)) {
      add(TestItem.ofRows(1).costing(Long.parseLong(cost)));
    }
    assertEquals(new Close(items, cause), decide(former));
  }

  @Test
  void aDeadlineAfterTheDelayChangesNothing() {
    add(TestItem.withDeadline(1, clock.get() + 10 * DELAY));
    assertEquals(new Wait(clock.get() + DELAY), decide(former(DELAY, "")));
  }

  @Test
  void drainsWithoutWaitingButWithinTheMaximum() {
    BatchFormer former = former(DELAY, "2");
    enqueue("2a 1a");
    assertEquals(new Close(2, CloseCause.DRAIN), former.decide(waiting, clock.get(), true));
    enqueue("5a 1a");
    assertEquals(new Close(3, CloseCause.DRAIN), former.decide(waiting, clock.get(), true));
  }

  @Test
  void anArrivalThatChangesNothingNeedNotWakeTheWatcher() {
    BatchFormer former = former(DELAY, "4");
    enqueue("1a");
    long until = ((Wait) decide(former)).untilNanos();
    enqueue("1a");
    assertFalse(former.newestMayClose(waiting, 2, until));
  }

  @Test
  void anArrivalThatMayCloseTheBatchWakesTheWatcher() {
    long until = clock.get() + DELAY;
    enqueue("3a");
    enqueue("1a");
    assertTrue(former(DELAY, "4").newestMayClose(waiting, 4, until), "preferred size");
    assertTrue(former(0, "").newestMayClose(waiting, 4, until), "no delay any more");
    add(TestItem.withDeadline(1, clock.get() + DELAY));
    assertTrue(former(DELAY, "").newestMayClose(waiting, 5, until), "close deadline");
    enqueue("1b");
    assertTrue(former(DELAY, "").newestMayClose(waiting, 6, until), "other key");
    enqueue("2a");
    assertTrue(former(DELAY, "").newestMayClose(waiting, 8, until), "full");
  }

  private Decision decide(BatchFormer former) {
    return former.decide(waiting, clock.get(), false);
  }

  private void enqueue(String requests) {
    for (String request : requests.split(" ", -1)) {
      int rows = request.charAt(0) - '0';
      add(TestItem.withKey(rows, request.substring(1)));
    }
  }

  private void add(TestItem item) {
    waiting.add(item, item.rows(), item.batchKey(), item.deadlineNanos(), clock.get());
  }

  private static BatchFormer former(long delayNanos, String preferred) {
    List<Integer> preferredRows =
        preferred.isEmpty()
            ? List.of()
            : List.of(preferred.split(" ", -1)).stream().map(Integer::valueOf).toList();
    return new BatchFormer(new BatchingConfig(8, 64, delayNanos, preferredRows));
  }
}
