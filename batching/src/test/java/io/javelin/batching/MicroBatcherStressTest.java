package io.javelin.batching;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Everything at once: many callers, mixed rows and keys, cancellations, deadlines, reconfiguring,
/// runners that throw, and closing while requests still arrive. What must hold: every admitted
/// request is handed over exactly once, alone with its key, within the largest maximum.
///
/// The seed fixes what each caller does, not how the threads meet.
@Timeout(60)
class MicroBatcherStressTest {
  private static final int CALLERS = 4;
  private static final int REQUESTS = 4_000;
  private static final long BACK_OFF_NANOS = 20_000;
  private static final List<String> TENANTS = List.of("x", "y", "z");
  private static final List<String> KEYS = List.of("a", "a", "a", "b", "c");

  /// The largest maximum comes last, and no request exceeds the smallest.
  private static final List<BatchingConfig> CONFIGS =
      List.of(
          new BatchingConfig(4, 16, 0, List.of()),
          new BatchingConfig(8, 64, 200_000, List.of(4, 6)),
          new BatchingConfig(6, 12, 50_000, List.of()),
          levelled(4, 100_000, null, false),
          levelled(8, 0, new QueueingConfig.FairShare(2, 50), true),
          new BatchingConfig(8, 32, 0, List.of(2)));

  private static BatchingConfig levelled(
      int maxRows, long delayNanos, QueueingConfig.@Nullable FairShare share, boolean adaptive) {
    QueueingConfig.Policy strict =
        new QueueingConfig.Policy(32, QueueingConfig.TimeoutAction.REJECT, 0, true);
    QueueingConfig.Policy delaying =
        new QueueingConfig.Policy(32, QueueingConfig.TimeoutAction.DELAY, 0, true);
    QueueingConfig queueing =
        new QueueingConfig(List.of(strict, delaying), 1, 1_000_000, share, adaptive);
    return new BatchingConfig(maxRows, 64, delayNanos, List.of(), null, queueing);
  }

  private final ConcurrentLinkedQueue<String> broken = new ConcurrentLinkedQueue<>();

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void everyAdmittedRequestIsHandedOverExactlyOnce(long seed) throws InterruptedException {
    int runners = 1 + (int) (seed % 3);
    MicroBatcher<TestItem> batcher =
        new MicroBatcher<>(
            "stress",
            CONFIGS.getLast(),
            runners(runners, seed),
            new RecordingListener(),
            System::nanoTime);
    CountDownLatch mostDone = new CountDownLatch(CALLERS * REQUESTS * 9 / 10);
    List<Caller> callers = new ArrayList<>();
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < CALLERS; i++) {
      Caller caller = new Caller(batcher, new Random(seed * 31 + i), mostDone);
      callers.add(caller);
      threads.add(Thread.ofPlatform().name("caller-" + i).start(caller));
    }
    mostDone.await();
    batcher.close();
    for (Thread thread : threads) {
      thread.join();
    }
    String context = "seed " + seed;
    assertEquals(List.of(), List.copyOf(broken), context);
    for (Caller caller : callers) {
      for (TestItem item : caller.admitted) {
        assertEquals(1, item.answers(), context + ", " + item);
      }
      for (TestItem item : caller.refused) {
        assertEquals(0, item.answers(), context + ", refused " + item);
      }
    }
    int admitted = callers.stream().mapToInt(caller -> caller.admitted.size()).sum();
    assertTrue(admitted > CALLERS * REQUESTS / 4, context + ": admitted only " + admitted);
    assertEquals(0, batcher.queuedRows(), context);
    assertEquals(0, batcher.queuedItems(), context);
  }

  private List<BatchRunner<TestItem>> runners(int count, long seed) {
    List<BatchRunner<TestItem>> runners = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      Random random = new Random(seed * 17 + i);
      runners.add(batch -> check(batch, random));
    }
    return runners;
  }

  /// One in fifty runs fails; the listener answers its requests.
  private void check(Batch<TestItem> batch, Random random) {
    Set<Object> keys = new HashSet<>();
    int rows = 0;
    for (int i = 0; i < batch.size(); i++) {
      keys.add(batch.get(i).batchKey());
      rows += batch.get(i).rows();
    }
    if (rows > 8 || rows != batch.rows() || keys.size() != 1) {
      broken.add(rows + " rows, counted " + batch.rows() + ", keys " + keys);
    }
    if (random.nextInt(50) == 0) {
      throw new IllegalStateException("this run fails");
    }
    for (int i = 0; i < batch.size(); i++) {
      batch.get(i).answer();
    }
  }

  private static final class Caller implements Runnable {
    final List<TestItem> admitted = new ArrayList<>();
    final List<TestItem> refused = new ArrayList<>();
    private final MicroBatcher<TestItem> batcher;
    private final Random random;
    private final CountDownLatch mostDone;

    Caller(MicroBatcher<TestItem> batcher, Random random, CountDownLatch mostDone) {
      this.batcher = batcher;
      this.random = random;
      this.mostDone = mostDone;
    }

    @Override
    public void run() {
      for (int i = 0; i < REQUESTS; i++) {
        submitOne(i);
        if (random.nextInt(20) == 0 && !admitted.isEmpty()) {
          cancelOne();
        }
        if (random.nextInt(200) == 0) {
          batcher.reconfigure(CONFIGS.get(random.nextInt(CONFIGS.size())));
        }
        mostDone.countDown();
      }
    }

    private void submitOne(int id) {
      long deadline =
          random.nextInt(4) == 0
              ? System.nanoTime() + random.nextInt(1_000_000)
              : BatchItem.NO_DEADLINE;
      String key = KEYS.get(random.nextInt(KEYS.size()));
      TestItem item = new TestItem(id, 1 + random.nextInt(4), key, deadline);
      item.at(1 + random.nextInt(3), TENANTS.get(random.nextInt(TENANTS.size())));
      item.delayedAfter(System.nanoTime() + random.nextInt(200_000));
      if (batcher.submit(item) instanceof Admission.Admitted) {
        admitted.add(item);
      } else {
        refused.add(item);
        LockSupport.parkNanos(BACK_OFF_NANOS);
      }
    }

    /// Half of those who leave say so, the others are only marked.
    private void cancelOne() {
      TestItem item = admitted.getLast();
      if (random.nextBoolean()) {
        item.cancelled = true;
      } else if (batcher.cancel(item)) {
        item.answer();
      }
    }
  }
}
