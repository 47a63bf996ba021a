package io.javelin.batching;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.javelin.batching.BatchStep.Next;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class BatchQueueTest {
  private static final long DELAY = 2_000_000;

  /// Nothing has run yet, so nothing is known of the time until there is room.
  private static final Admission QUEUE_FULL =
      new Admission.Refused(Admission.Reason.QUEUE_FULL, AdmissionControl.UNKNOWN_ROOM_NANOS);

  /// Counts its wake-ups.
  private static final class FakeStep implements Wakeable {
    int wakes;

    @Override
    public void wake() {
      wakes++;
    }
  }

  private final FakeStep one = new FakeStep();
  private final FakeStep two = new FakeStep();
  private final TakenWork<TestItem> taken = new TakenWork<>();

  @Test
  void refusesTheRowThatExceedsTheBound() {
    BatchQueue<TestItem> queue = queue(4, 8, 0);
    assertSame(Admission.ADMITTED, queue.offer(TestItem.ofRows(4), 0));
    assertSame(Admission.ADMITTED, queue.offer(TestItem.ofRows(3), 0));
    assertEquals(QUEUE_FULL, queue.offer(TestItem.ofRows(2), 0));
    assertSame(Admission.ADMITTED, queue.offer(TestItem.ofRows(1), 0));
    assertEquals(8, queue.rows());
    assertEquals(3, queue.size());
  }

  @Test
  void refusesWhatCanNeverRun() {
    BatchQueue<TestItem> queue = queue(4, 8, 0);
    assertSame(Admission.TOO_MANY_ROWS, queue.offer(TestItem.ofRows(5), 0));
    assertSame(Admission.DEADLINE_PASSED, queue.offer(TestItem.withDeadline(1, 10), 10));
    assertSame(Admission.ADMITTED, queue.offer(TestItem.withDeadline(1, 11), 10));
    assertThrows(IllegalArgumentException.class, () -> queue.offer(TestItem.ofRows(0), 0));
    queue.drain();
    assertSame(Admission.CLOSED, queue.offer(TestItem.ofRows(1), 0));
  }

  @Test
  void comparesDeadlinesAcrossTheClockWrap() {
    BatchQueue<TestItem> queue = queue(4, 8, 0);
    long now = Long.MAX_VALUE - 5;
    assertSame(Admission.ADMITTED, queue.offer(TestItem.withDeadline(1, now + 10), now));
    assertSame(Admission.DEADLINE_PASSED, queue.offer(TestItem.withDeadline(1, now), now + 10));
  }

  @Test
  void removingFreesTheRowsAtOnceAndKeepsTheOrder() {
    BatchQueue<TestItem> queue = queue(8, 8, 0);
    List<TestItem> items = offer(queue, 8);
    assertTrue(queue.remove(items.get(3)));
    assertFalse(queue.remove(items.get(3)), "it is gone");
    assertEquals(7, queue.rows());
    TestItem late = new TestItem(8, 1, TestItem.ANY_KEY, BatchItem.NO_DEADLINE);
    assertSame(Admission.ADMITTED, queue.offer(late, 0));
    queue.take(one, taken, 0);
    assertEquals(List.of(0, 1, 2, 4, 5, 6, 7, 8), batchIds());
    assertFalse(queue.remove(late), "it is being run");
  }

  @Test
  void dropsTheDeadBeforeTheyTakeAPlaceInTheBatch() {
    BatchQueue<TestItem> queue = queue(2, 8, 0);
    List<TestItem> items = offer(queue, 3);
    TestItem expiring = new TestItem(3, 1, TestItem.ANY_KEY, 50);
    queue.offer(expiring, 0);
    queue.offer(new TestItem(4, 1, TestItem.ANY_KEY, BatchItem.NO_DEADLINE), 0);
    items.get(0).cancelled = true;
    items.get(2).cancelled = true;
    assertSame(Next.WORK_DONE, queue.take(one, taken, 50));
    assertEquals(List.of(1, 4), batchIds());
    assertEquals(List.of("0 CANCELLED", "2 CANCELLED", "3 EXPIRED"), droppedIds());
    assertEquals(0, queue.rows());
  }

  @Test
  void leavesTheDeadAloneUntilTheirTurnComes() {
    BatchQueue<TestItem> queue = queue(2, 8, 0);
    List<TestItem> items = offer(queue, 8);
    items.get(7).cancelled = true;
    queue.take(one, taken, 0);
    assertEquals(0, taken.droppedCount());
    assertEquals(6, queue.rows());
  }

  @Test
  void oneOfferWakesTheStepThatRestedLast() {
    BatchQueue<TestItem> queue = queue(4, 8, 0);
    rest(queue, one, two);
    queue.offer(TestItem.ofRows(1), 0);
    assertEquals(0, one.wakes);
    assertEquals(1, two.wakes);
  }

  @Test
  void aBurstCostsOneWakeUpUntilTheStepHasLooked() {
    BatchQueue<TestItem> queue = queue(4, 8, 0);
    rest(queue, one, two);
    offer(queue, 3);
    assertEquals(1, one.wakes + two.wakes);
    queue.take(two, taken, 0);
    queue.offer(TestItem.ofRows(1), 0);
    assertEquals(1, one.wakes, "step two is busy now");
  }

  @Test
  void aStepThatLeavesRowsBehindWakesTheNext() {
    BatchQueue<TestItem> queue = queue(2, 8, 0);
    rest(queue, one, two);
    offer(queue, 3);
    assertEquals(0, one.wakes);
    queue.take(two, taken, 0);
    assertEquals(1, one.wakes);
  }

  @Test
  void aBusyStepIsNotWoken() {
    BatchQueue<TestItem> queue = queue(4, 8, 0);
    queue.offer(TestItem.ofRows(1), 0);
    queue.take(one, taken, 0);
    queue.offer(TestItem.ofRows(1), 0);
    assertEquals(0, one.wakes);
  }

  @Test
  void onlyOneStepWatchesTheDelayAndOnlyItIsWokenEarly() {
    BatchQueue<TestItem> queue = queue(4, 8, DELAY);
    queue.offer(TestItem.ofRows(1), 0);
    assertEquals(new Next.WaitUntil(DELAY), queue.take(one, taken, 1));
    assertSame(Next.IDLE, queue.take(two, taken, 2));
    queue.offer(TestItem.ofRows(1), 3);
    assertEquals(0, one.wakes + two.wakes, "two rows of four change nothing");
    queue.offer(TestItem.ofRows(2), 4);
    assertEquals(1, one.wakes);
    assertEquals(0, two.wakes);
  }

  @Test
  void theWatchPassesOnWhenTheWatcherIsBusy() {
    BatchQueue<TestItem> queue = queue(4, 8, DELAY);
    queue.offer(TestItem.ofRows(3), 0);
    queue.take(one, taken, 0);
    queue.take(two, taken, 0);
    queue.offer(TestItem.ofRows(3), 1);
    assertEquals(1, one.wakes);
    assertSame(Next.WORK_DONE, queue.take(one, taken, 2));
    assertEquals(1, two.wakes, "three rows were left behind");
    taken.clear();
    assertEquals(new Next.WaitUntil(1 + DELAY), queue.take(two, taken, 3));
  }

  @Test
  void aStepThatOnlyDroppedIsNotIdleYet() {
    BatchQueue<TestItem> queue = queue(4, 8, 0);
    offer(queue, 1).getFirst().cancelled = true;
    assertSame(Next.WORK_DONE, queue.take(one, taken, 0));
    queue.offer(TestItem.ofRows(1), 0);
    assertEquals(0, one.wakes, "it comes back by itself");
  }

  @Test
  void reconfiguringWakesTheWatcher() {
    BatchQueue<TestItem> queue = queue(4, 8, DELAY);
    queue.offer(TestItem.ofRows(1), 0);
    queue.take(one, taken, 0);
    queue.reconfigure(new BatchingConfig(4, 8, 0, List.of()), 0);
    assertEquals(1, one.wakes);
    queue.take(one, taken, 1);
    assertEquals(CloseCause.IDLE, taken.batch.cause());
  }

  @Test
  void reconfiguringChangesTheBoundsAndKeepsWhatWaits() {
    BatchQueue<TestItem> queue = queue(4, 8, 0);
    queue.offer(TestItem.ofRows(4), 0);
    queue.offer(TestItem.ofRows(4), 0);
    queue.reconfigure(new BatchingConfig(2, 6, 0, List.of()), 0);
    assertSame(Admission.TOO_MANY_ROWS, queue.offer(TestItem.ofRows(3), 0));
    assertEquals(QUEUE_FULL, queue.offer(TestItem.ofRows(1), 0));
    queue.take(one, taken, 0);
    assertEquals(1, taken.batch.size(), "it runs alone");
    assertEquals(4, taken.batch.rows());
    assertSame(Admission.ADMITTED, queue.offer(TestItem.ofRows(2), 0));
  }

  @Test
  void drainingWakesEveryStepAndEndsWhenNothingIsLeft() {
    BatchQueue<TestItem> queue = queue(4, 8, DELAY);
    rest(queue, one, two);
    queue.offer(TestItem.ofRows(1), 0);
    queue.drain();
    assertEquals(1, one.wakes);
    assertEquals(1, two.wakes);
    assertSame(Next.WORK_DONE, queue.take(one, taken, 0));
    assertEquals(CloseCause.DRAIN, taken.batch.cause());
    assertSame(Next.DRAINED, queue.take(one, taken, 0));
    assertSame(Next.DRAINED, queue.take(two, taken, 0));
  }

  @Test
  void keepsOrderAndCountWhileTheRingGrowsAndWraps() {
    long seed = 7;
    Random random = new Random(seed);
    BatchQueue<TestItem> queue = queue(8, 200, 0);
    Deque<TestItem> model = new ArrayDeque<>();
    for (int i = 0; i < 20_000; i++) {
      int choice = random.nextInt(10);
      if (choice < 5) {
        TestItem item =
            new TestItem(i, 1 + random.nextInt(8), TestItem.ANY_KEY, BatchItem.NO_DEADLINE);
        if (queue.offer(item, 0) instanceof Admission.Admitted) {
          model.add(item);
        }
      } else if (choice < 7 && !model.isEmpty()) {
        TestItem victim = List.copyOf(model).get(random.nextInt(model.size()));
        assertTrue(queue.remove(victim));
        model.remove(victim);
      } else {
        queue.take(one, taken, 0);
        for (int k = 0; k < taken.batch.size(); k++) {
          assertSame(model.poll(), taken.batch.get(k), "seed " + seed + ", step " + i);
        }
        taken.clear();
      }
      assertEquals(model.stream().mapToInt(TestItem::rows).sum(), queue.rows());
      assertEquals(model.size(), queue.size());
    }
  }

  @Test
  void staysWholeWhenARequestThrowsUnderTheLock() {
    BatchQueue<BatchItem> queue = new BatchQueue<>(new BatchingConfig(4, 8, 0, List.of()));
    TestItem gone = TestItem.ofRows(1);
    gone.cancelled = true;
    BatchItem rude =
        new BatchItem() {
          @Override
          public int rows() {
            return 1;
          }

          @Override
          public long deadlineNanos() {
            return NO_DEADLINE;
          }

          @Override
          public boolean isCancelled() {
            throw new IllegalStateException("rude");
          }

          @Override
          public Object batchKey() {
            return TestItem.ANY_KEY;
          }
        };
    queue.offer(gone, 0);
    queue.offer(rude, 0);
    TakenWork<BatchItem> work = new TakenWork<>();
    assertThrows(IllegalStateException.class, () -> queue.take(one, work, 0));
    assertSame(gone, work.dropped(0));
    assertEquals(1, queue.rows());
    assertTrue(queue.remove(rude));
    assertInstanceOf(Next.Idle.class, queue.take(one, new TakenWork<>(), 0));
  }

  private static BatchQueue<TestItem> queue(int batchRows, int queueRows, long delayNanos) {
    return new BatchQueue<>(new BatchingConfig(batchRows, queueRows, delayNanos, List.of()));
  }

  private static List<TestItem> offer(BatchQueue<TestItem> queue, int count) {
    List<TestItem> items = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      TestItem item = new TestItem(i, 1, TestItem.ANY_KEY, BatchItem.NO_DEADLINE);
      assertSame(Admission.ADMITTED, queue.offer(item, 0));
      items.add(item);
    }
    return items;
  }

  private void rest(BatchQueue<TestItem> queue, FakeStep... steps) {
    for (FakeStep step : steps) {
      assertSame(Next.IDLE, queue.take(step, taken, 0));
    }
  }

  private List<Integer> batchIds() {
    List<Integer> ids = new ArrayList<>();
    for (int i = 0; i < taken.batch.size(); i++) {
      ids.add(taken.batch.get(i).id);
    }
    return ids;
  }

  private List<String> droppedIds() {
    List<String> ids = new ArrayList<>();
    for (int i = 0; i < taken.droppedCount(); i++) {
      ids.add(taken.dropped(i).id + " " + taken.reason(i));
    }
    return ids;
  }
}
