package io.javelin.batching;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// The batcher with its own threads. The clock stands still unless a test needs real time.
@Timeout(60)
class MicroBatcherTest {
  private final RecordingListener listener = new RecordingListener();
  private final Set<Thread> threads = ConcurrentHashMap.newKeySet();
  private final BlockingQueue<TestItem> answered = new LinkedBlockingQueue<>();

  @Test
  void runsOnItsOwnNamedThreadsAndEndsThem() throws InterruptedException {
    MicroBatcher<TestItem> batcher = batcher(1, this::answer);
    TestItem item = TestItem.ofRows(1);
    assertSame(Admission.ADMITTED, batcher.submit(item));
    assertSame(item, answered.take());
    batcher.close();
    Thread worker = threads.iterator().next();
    assertEquals("batch-m-1-0", worker.getName());
    assertFalse(worker.isDaemon());
    assertFalse(worker.isAlive());
    assertTrue(batcher.steps().isEmpty());
  }

  @Test
  void requestsGatherWhileTheInstanceIsBusy() throws InterruptedException {
    CountDownLatch running = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    List<Integer> sizes = new ArrayList<>();
    MicroBatcher<TestItem> batcher =
        batcher(
            1,
            batch -> {
              sizes.add(batch.size());
              running.countDown();
              await(goOn);
              answer(batch);
            });
    batcher.submit(TestItem.ofRows(1));
    running.await();
    for (int i = 0; i < 5; i++) {
      batcher.submit(TestItem.ofRows(1));
    }
    assertEquals(5, batcher.queuedRows());
    goOn.countDown();
    batcher.close();
    assertEquals(List.of(1, 5), sizes);
  }

  @Test
  void closingRunsWhatWasAdmittedAndRefusesTheRest() throws InterruptedException {
    CountDownLatch running = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    MicroBatcher<TestItem> batcher =
        batcher(
            1,
            batch -> {
              running.countDown();
              await(goOn);
              answer(batch);
            });
    batcher.submit(TestItem.ofRows(1));
    running.await();
    TestItem waiting = TestItem.ofRows(1);
    batcher.submit(waiting);
    Thread closer = Thread.ofPlatform().start(batcher::close);
    // Probes that are still admitted are answered like all others.
    while (!batcher.submit(TestItem.ofRows(1)).equals(Admission.CLOSED)) {
      Thread.onSpinWait();
    }
    goOn.countDown();
    closer.join();
    assertEquals(1, waiting.answers());
    assertEquals(CloseCause.DRAIN, listener.causes.getLast());
    assertEquals(0, batcher.queuedRows());
    batcher.close();
  }

  @Test
  void runsOnAllInstancesAtOnce() {
    int instances = 3;
    CountDownLatch together = new CountDownLatch(instances);
    MicroBatcher<TestItem> batcher =
        batcher(
            instances,
            batch -> {
              together.countDown();
              await(together);
              answer(batch);
            });
    // 8 rows are a whole batch, so nobody can take two of them.
    for (int i = 0; i < instances; i++) {
      batcher.submit(TestItem.ofRows(8));
    }
    batcher.close();
    assertEquals(instances, threads.size());
  }

  @Test
  void anInstanceThatWaitsForCompanyEndsItsWaitInTime() throws InterruptedException {
    BatchingConfig config = new BatchingConfig(8, 64, 3_000_000, List.of());
    try (MicroBatcher<TestItem> batcher =
        new MicroBatcher<>("m-1", config, List.of(this::answer), listener, System::nanoTime)) {
      TestItem item = TestItem.ofRows(1);
      batcher.submit(item);
      assertSame(item, answered.take());
      assertEquals(List.of(CloseCause.DELAY), listener.causes);
    }
  }

  @Test
  void reconfiguringEndsAWait() throws InterruptedException {
    MicroBatcher<TestItem> batcher =
        new MicroBatcher<>(
            "m-1",
            new BatchingConfig(8, 64, BatchingConfig.LONGEST_QUEUE_DELAY_NANOS, List.of()),
            List.of(this::answer),
            listener,
            () -> 0);
    TestItem item = TestItem.ofRows(1);
    batcher.submit(item);
    batcher.reconfigure(new BatchingConfig(8, 64, 0, List.of()));
    assertSame(item, answered.take());
    batcher.close();
  }

  @Test
  void aWorkerOutlivesRunnersThatThrowAndThreadsThatAreInterrupted() throws InterruptedException {
    MicroBatcher<TestItem> batcher =
        batcher(
            1,
            batch -> {
              answer(batch);
              Thread.currentThread().interrupt();
              throw new LinkageError("broken engine");
            });
    for (int i = 0; i < 3; i++) {
      TestItem item = TestItem.ofRows(1);
      batcher.submit(item);
      assertSame(item, answered.take());
    }
    batcher.close();
    assertEquals(3, listener.failures.size());
  }

  @Test
  void cannotBeClosedByItsOwnWorker() throws InterruptedException {
    BlockingQueue<MicroBatcher<TestItem>> self = new LinkedBlockingQueue<>();
    MicroBatcher<TestItem> batcher = batcher(1, _ -> closeFirst(self));
    self.add(batcher);
    batcher.submit(TestItem.ofRows(1));
    while (listener.failures.isEmpty()) {
      Thread.onSpinWait();
    }
    assertTrue(listener.failures.getFirst() instanceof IllegalStateException);
    assertSame(Admission.ADMITTED, batcher.submit(TestItem.ofRows(1)), "it is still open");
    batcher.close();
  }

  @Test
  void closingIgnoresAnInterruptButKeepsIt() {
    MicroBatcher<TestItem> batcher = batcher(2, this::answer);
    batcher.submit(TestItem.ofRows(1));
    Thread.currentThread().interrupt();
    batcher.close();
    assertTrue(Thread.interrupted());
    assertEquals(1, answered.size());
  }

  private MicroBatcher<TestItem> batcher(int instances, BatchRunner<TestItem> runner) {
    List<BatchRunner<TestItem>> runners = new ArrayList<>();
    for (int i = 0; i < instances; i++) {
      runners.add(runner);
    }
    return new MicroBatcher<>(
        "m-1", new BatchingConfig(8, 64, 0, List.of()), runners, listener, () -> 0);
  }

  private void answer(Batch<TestItem> batch) {
    threads.add(Thread.currentThread());
    for (int i = 0; i < batch.size(); i++) {
      batch.get(i).answer();
      answered.add(batch.get(i));
    }
  }

  private static void closeFirst(BlockingQueue<MicroBatcher<TestItem>> self) {
    try {
      MicroBatcher<TestItem> batcher = self.take();
      self.add(batcher);
      batcher.close();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      assertTrue(latch.await(30, TimeUnit.SECONDS));
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
