package io.javelin.batching;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.javelin.batching.Admission.Reason;
import java.util.List;
import org.junit.jupiter.api.Test;

/// A queue of batches of 8 rows, whose runs take 10 ms.
class AdmissionControlTest {
  private static final long MS = 1_000_000;

  private final ServiceTimeModel times = new ServiceTimeModel();
  private final BatchQueue<TestItem> queue =
      new BatchQueue<>(new BatchingConfig(8, 64, 0, List.of()), times);
  private final Wakeable step = () -> {};
  private long now;

  @Test
  void neverRefusesForAnEstimateBeforeItHasLearned() {
    times.record(TestItem.ANY_KEY, 8, 10_000 * MS);
    assertSame(Admission.ADMITTED, queue.offer(TestItem.withDeadline(1, now + 1), now));
  }

  @Test
  void refusesWhatCannotEndInTimeAndSaysHowLongItWouldTake() {
    learn(10 * MS);
    useTheProbe();
    assertSame(Admission.ADMITTED, queue.offer(TestItem.withDeadline(8, now + 14 * MS), now));
    Admission.Refused refused = refused(TestItem.withDeadline(8, now + 9 * MS));
    assertEquals(Reason.DEADLINE_UNREACHABLE, refused.reason());
    assertNear(20 * MS, refused.nanos()); // One run of those before it, and its own.
  }

  @Test
  void countsTheRunThatIsGoingOn() {
    learn(10 * MS);
    useTheProbe();
    queue.offer(TestItem.ofRows(8), now);
    queue.take(step, new TakenWork<>(), now);
    now += 4 * MS;
    assertNear(16 * MS, refused(TestItem.withDeadline(8, now + 15 * MS)).nanos());
    assertSame(Admission.ADMITTED, queue.offer(TestItem.withDeadline(8, now + 22 * MS), now));
  }

  @Test
  void severalInstancesShareWhatWaits() {
    learn(10 * MS);
    useTheProbe();
    Wakeable other = () -> {};
    queue.take(step, new TakenWork<>(), now);
    queue.take(other, new TakenWork<>(), now);
    queue.offer(TestItem.ofRows(8), now);
    queue.offer(TestItem.ofRows(8), now);
    assertNear(20 * MS, refused(TestItem.withDeadline(8, now + 15 * MS)).nanos());
  }

  @Test
  void letsAProbeThroughSoThatAWrongEstimateIsCorrected() {
    learn(10_000 * MS);
    int admitted = 0;
    for (int i = 0; i < 200; i++) {
      now += 10 * MS;
      TestItem item = TestItem.withDeadline(1, now + 100 * MS);
      if (queue.offer(item, now) instanceof Admission.Admitted) {
        admitted++;
        queue.take(step, new TakenWork<>(), now);
      }
    }
    assertEquals(4, admitted, "one per half second while the estimate is far off");
    for (int i = 0; i < 10; i++) {
      times.record(TestItem.ANY_KEY, 8, MS);
    }
    queue.take(step, new TakenWork<>(), now);
    assertSame(Admission.ADMITTED, queue.offer(TestItem.withDeadline(1, now + 100 * MS), now));
  }

  @Test
  void aFullQueueTellsWhenHalfOfItHasRun() {
    learn(10 * MS);
    queue.take(step, new TakenWork<>(), now);
    for (int i = 0; i < 8; i++) {
      assertSame(Admission.ADMITTED, queue.offer(TestItem.ofRows(8), now));
    }
    Admission.Refused refused = refused(TestItem.ofRows(1));
    assertEquals(Reason.QUEUE_FULL, refused.reason());
    assertNear(40 * MS, refused.nanos());
  }

  @Test
  void theLimitCountsWhatRuns() {
    QueueingConfig.Policy policy = QueueingConfig.PLAIN.policy(1);
    BatchQueue<TestItem> limited =
        new BatchQueue<>(
            new BatchingConfig(
                8, 16, 0, List.of(), null, new QueueingConfig(List.of(policy), 1, 0, null, true)));
    assertEquals(16, limited.limitRows());
    limited.offer(TestItem.ofRows(8), now);
    limited.take(step, new TakenWork<>(), now);
    limited.offer(TestItem.ofRows(8), now);
    Admission.Refused refused =
        assertInstanceOf(Admission.Refused.class, limited.offer(TestItem.ofRows(1), now));
    assertEquals(Reason.LIMIT, refused.reason());
    now += 10 * MS;
    limited.take(step, new TakenWork<>(), now);
    assertSame(Admission.ADMITTED, limited.offer(TestItem.ofRows(1), now));
    assertEquals(0, queue.limitRows(), "no limit unless configured");
  }

  @Test
  void theLimitShrinksWhileRequestsWaitForManyRunsAndGrowsBack() {
    AdaptiveLimit limit = new AdaptiveLimit(1_000);
    for (int i = 0; i < 100; i++) {
      limit.onBatch(100 * MS, 10 * MS, limit.rows());
      limit.bound(16, 2_000);
    }
    int shrunk = limit.rows();
    assertEquals(16, shrunk, 1, "to about what the instances hold");
    for (int i = 0; i < 200; i++) {
      limit.onBatch(11 * MS, 10 * MS, limit.rows());
      limit.bound(16, 2_000);
    }
    assertTrue(limit.rows() > 4 * shrunk, "grew to " + limit.rows());
  }

  @Test
  void theLimitDoesNotGrowWhileItIsNotUsed() {
    AdaptiveLimit limit = new AdaptiveLimit(100);
    for (int i = 0; i < 100; i++) {
      limit.onBatch(10 * MS, 10 * MS, 8);
    }
    assertEquals(100, limit.rows());
  }

  private static void assertNear(long expectedNanos, long nanos) {
    assertTrue(Math.abs(expectedNanos - nanos) <= MS, () -> expectedNanos + " but was " + nanos);
  }

  private Admission.Refused refused(TestItem item) {
    return assertInstanceOf(Admission.Refused.class, queue.offer(item, now));
  }

  private void learn(long nanos) {
    for (int i = 0; i < ServiceTimeModel.LEARNED_RUNS; i++) {
      times.record(TestItem.ANY_KEY, 8, nanos);
    }
  }

  /// The first request that cannot make it is let through.
  private void useTheProbe() {
    TestItem probe = TestItem.withDeadline(1, now + 1);
    assertSame(Admission.ADMITTED, queue.offer(probe, now));
    assertTrue(queue.remove(probe));
  }
}
