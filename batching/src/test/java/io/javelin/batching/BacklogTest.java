package io.javelin.batching;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.javelin.batching.QueueingConfig.FairShare;
import io.javelin.batching.QueueingConfig.Policy;
import io.javelin.batching.QueueingConfig.TimeoutAction;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class BacklogTest {
  private static final long AGING = 1_000;

  private final Wakeable step = () -> {};
  private final TakenWork<TestItem> taken = new TakenWork<>();
  private long now;
  private int ids;

  static QueueingConfig levels(int count, int maxRows, @Nullable FairShare share) {
    return new QueueingConfig(
        Collections.nCopies(count, new Policy(maxRows, TimeoutAction.REJECT, 0, true)),
        1,
        AGING,
        share,
        false);
  }

  @Test
  void servesTheHighestLevelFirst() {
    BatchQueue<TestItem> queue = queue(1, levels(3, 8, null));
    offer(queue, 3, 2, 1, 2, 1);
    assertEquals(List.of(2, 4, 1, 3, 0), drain(queue));
  }

  @Test
  void nobodyStarvesBehindALevelThatNeverEnds() {
    BatchQueue<TestItem> queue = queue(1, levels(2, 100, null));
    offer(queue, 2);
    List<Integer> ran = new ArrayList<>();
    while (!ran.contains(0)) {
      now += AGING / 10;
      offer(queue, 1, 1);
      ran.addAll(take(queue));
      assertTrue(
          now <= 2 * AGING + AGING / 5, "the request of level 2 has aged and is overtaken still");
    }
    assertTrue(now >= AGING, "level 1 went first for as long as level 2 had not aged, " + now);
  }

  @Test
  void aFullLevelRefusesItsOwnRequestsOnly() {
    BatchQueue<TestItem> queue = queue(4, levels(2, 4, null));
    offer(queue, 2, 2, 2, 2);
    assertRefused(Admission.Reason.QUEUE_FULL, queue, item(1).at(2, null));
    offer(queue, 1);
    assertEquals(4, queue.rows(2));
    assertEquals(5, queue.rows());
    assertEquals(5, queue.size());
  }

  @Test
  void aDelayedRequestGoesBehindTheOthersOfItsLevelButBeforeTheNext() {
    Policy delay = new Policy(8, TimeoutAction.DELAY, 0, true);
    BatchQueue<TestItem> queue =
        queue(1, new QueueingConfig(List.of(delay, delay), 1, AGING, null, false));
    offer(queue, item(1).delayedAfter(10));
    now = 20;
    offer(queue, 1, 2);
    assertEquals(List.of(1, 0, 2), drain(queue));
  }

  @Test
  void deadRequestsOfTheBacklogAreDroppedBeforeTheyTakeAPlace() {
    BatchQueue<TestItem> queue = queue(2, levels(2, 8, null));
    TestItem cancelled = item(1);
    offer(queue, cancelled);
    offer(queue, new TestItem(ids++, 1, TestItem.ANY_KEY, 5));
    offer(queue, 2, 2);
    cancelled.cancelled = true;
    now = 10;
    assertEquals(List.of(2, 3), take(queue));
  }

  @Test
  void aCancelledRequestLeavesItsRowsAtOnce() {
    BatchQueue<TestItem> queue = queue(2, levels(2, 8, new FairShare(2, 50)));
    TestItem leaves = item(2).at(2, "x");
    offer(queue, leaves);
    assertTrue(queue.remove(leaves));
    assertFalse(queue.remove(leaves));
    assertEquals(0, queue.rows());
  }

  @Test
  void tenantsOfALevelTakeTurnsByRows() {
    BatchQueue<TestItem> queue = queue(8, levels(1, 1_000, new FairShare(8, 100)));
    for (int i = 0; i < 40; i++) {
      offer(queue, item(8).at(1, "heavy"));
    }
    for (int i = 0; i < 16; i++) {
      offer(queue, item(1).at(1, "light"));
    }
    List<Integer> order = drain(queue);
    int lastLight = order.lastIndexOf(55);
    assertTrue(lastLight <= 20, "16 light rows among as many heavy ones, last at " + lastLight);
  }

  @Test
  void oneTenantMayHoldItsShareOnlyWhileOthersWait() {
    BatchQueue<TestItem> queue = queue(4, levels(1, 8, new FairShare(4, 50)));
    offer(queue, item(4).at(1, "a"), item(1).at(1, "a"));
    offer(queue, item(1).at(1, "b"));
    assertRefused(Admission.Reason.TENANT_SHARE, queue, item(1).at(1, "a"));
    offer(queue, item(1).at(1, "b"));
  }

  @Test
  void aTenantThatHasFilledTheQueueMakesRoomForTheNextOne() {
    BatchQueue<TestItem> queue = queue(2, levels(1, 8, new FairShare(4, 50)));
    for (int i = 0; i < 8; i++) {
      offer(queue, item(1).at(1, "flood"));
    }
    assertRefused(Admission.Reason.QUEUE_FULL, queue, item(1).at(1, "other"));
    take(queue);
    assertRefused(Admission.Reason.TENANT_SHARE, queue, item(1).at(1, "flood"));
    offer(queue, item(1).at(1, "other"));
  }

  @Test
  void aTenantAloneMayFillTheQueueAgainWhenTheOthersHaveGone() {
    BatchQueue<TestItem> queue = queue(2, levels(1, 8, new FairShare(4, 50)));
    offer(queue, item(1).at(1, "other"), item(1).at(1, "flood"));
    take(queue);
    now += TenantQueues.LATELY_NANOS;
    for (int i = 0; i < 8; i++) {
      offer(queue, item(1).at(1, "flood"));
    }
  }

  @Test
  void tenantsBeyondTheBoundShareOnePlace() {
    TenantQueues<TestItem> queues = new TenantQueues<>(new FairShare(2, 50));
    for (int i = 0; i < 100; i++) {
      queues.add(item(1).at(1, "t" + i), 1, TestItem.ANY_KEY, BatchItem.NO_DEADLINE, now);
    }
    assertEquals(3, queues.tenants());
    assertEquals(100, queues.size());
    ItemRing<TestItem> all = new ItemRing<>();
    while (queues.size() > 0) {
      queues.moveNextTo(all);
    }
    assertEquals(0, queues.tenants(), "a tenant that does not wait is forgotten");
    assertEquals(100, all.totalRows());
  }

  @Test
  void whatWaitsStaysWhenTheLevelsChange() {
    BatchQueue<TestItem> queue = queue(1, levels(3, 8, null));
    offer(queue, 3, 2, 1);
    queue.reconfigure(config(1, QueueingConfig.PLAIN), now);
    offer(queue, 1);
    queue.reconfigure(config(1, levels(2, 8, null)), now);
    offer(queue, 2, 1);
    assertEquals(List.of(2, 1, 0, 3, 5, 4), drain(queue));
  }

  private BatchQueue<TestItem> queue(int batchRows, QueueingConfig queueing) {
    return new BatchQueue<>(config(batchRows, queueing));
  }

  private static BatchingConfig config(int batchRows, QueueingConfig queueing) {
    return new BatchingConfig(batchRows, 1_000, 0, List.of(), null, queueing);
  }

  private TestItem item(int rows) {
    return new TestItem(ids++, rows, TestItem.ANY_KEY, BatchItem.NO_DEADLINE);
  }

  private void offer(BatchQueue<TestItem> queue, int... levels) {
    for (int level : levels) {
      offer(queue, item(1).at(level, null));
    }
  }

  private void offer(BatchQueue<TestItem> queue, TestItem... items) {
    for (TestItem item : items) {
      assertEquals(Admission.ADMITTED, queue.offer(item, now), item::toString);
    }
  }

  private void assertRefused(Admission.Reason reason, BatchQueue<TestItem> queue, TestItem item) {
    Admission.Refused refused = assertInstanceOf(Admission.Refused.class, queue.offer(item, now));
    assertEquals(reason, refused.reason());
  }

  private List<Integer> drain(BatchQueue<TestItem> queue) {
    List<Integer> ids = new ArrayList<>();
    while (queue.size() > 0) {
      ids.addAll(take(queue));
    }
    return ids;
  }

  private List<Integer> take(BatchQueue<TestItem> queue) {
    taken.clear();
    queue.take(step, taken, now);
    List<Integer> ids = new ArrayList<>();
    for (int i = 0; i < taken.batch.size(); i++) {
      ids.add(taken.batch.get(i).id);
    }
    return ids;
  }
}
