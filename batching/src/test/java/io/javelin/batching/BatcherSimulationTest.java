package io.javelin.batching;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.javelin.batching.BatchStep.Next;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Seeded arrivals × service times × configurations on one thread and a clock moved by hand.
///
/// The simulated workers do what [BatchWorker] does: they look into the queue only when they are
/// woken, when the time they were told comes, or when a run ends. So a wake-up that the queue
/// forgets shows as a request that is late.
class BatcherSimulationTest {
  private static final long STEP_NANOS = 10_000;
  private static final int STEPS = 6_000;

  @ParameterizedTest
  @ValueSource(longs = {11, 12, 13, 14, 15, 16, 17, 18})
  void holdsItsPromisesAtEachStep(long seed) {
    Simulation simulation = new Simulation(seed);
    for (int i = 0; i < STEPS; i++) {
      simulation.advance();
    }
    simulation.drain();
  }

  /// One engine instance and the thread that would call it.
  private static final class SimulatedWorker {
    boolean called = true;
    boolean busy;
    long busyUntil;
    boolean timed;
    long wakeAt;

    boolean isFree(long now) {
      busy = busy && now - busyUntil < 0;
      return !busy;
    }
  }

  private static final class Simulation {
    final String context;
    final Random random;
    final List<SimulatedWorker> workers = new ArrayList<>();
    final List<TestItem> admitted = new ArrayList<>();
    final List<TestItem> unanswered = new ArrayList<>();
    final List<Long> arrivals = new ArrayList<>();
    final RecordingListener listener = new RecordingListener();
    final MicroBatcher<TestItem> batcher;
    final int loadPercent;
    BatchingConfig config;

    /// Starts shortly before the clock wraps.
    long now = Long.MAX_VALUE - STEPS * STEP_NANOS / 2;

    int lastRunId = -1;

    Simulation(long seed) {
      context = "seed " + seed;
      random = new Random(seed);
      loadPercent = 5 + random.nextInt(90);
      config = anyConfig();
      List<BatchRunner<TestItem>> runners = new ArrayList<>();
      for (int i = 0; i <= seed % 3; i++) {
        SimulatedWorker worker = new SimulatedWorker();
        workers.add(worker);
        runners.add(batch -> run(worker, batch));
      }
      batcher = MicroBatcher.stepped(config, runners, listener, () -> now, this::wake);
    }

    void wake(BatchStep step) {
      workers.get(batcher.steps().indexOf(step)).called = true;
    }

    BatchingConfig anyConfig() {
      int maxRows = 4 + random.nextInt(8);
      long delay = random.nextBoolean() ? 0 : random.nextInt(40) * STEP_NANOS;
      List<Integer> preferred = random.nextBoolean() ? List.of() : List.of(2, 4);
      return new BatchingConfig(maxRows, maxRows + random.nextInt(40), delay, preferred);
    }

    void advance() {
      now += STEP_NANOS;
      if (random.nextInt(1_000) == 0) {
        config = anyConfig();
        batcher.reconfigure(config);
      }
      while (random.nextInt(100) < loadPercent) {
        arrive();
      }
      if (random.nextInt(50) == 0 && !admitted.isEmpty()) {
        leave(admitted.get(Math.max(0, admitted.size() - 1 - random.nextInt(10))));
      }
      stepWorkers();
      checkQueue();
    }

    void arrive() {
      long deadline =
          random.nextInt(5) == 0
              ? now + (1 + random.nextInt(200)) * STEP_NANOS
              : BatchItem.NO_DEADLINE;
      String key = random.nextInt(8) == 0 ? "rare" : "usual";
      TestItem item = new TestItem(admitted.size(), 1 + random.nextInt(4), key, deadline);
      int rowsBefore = batcher.queuedRows();
      boolean fits = rowsBefore + item.rows() <= config.maxQueueRows();
      Admission admission = batcher.submit(item);
      if (admission instanceof Admission.Refused(Admission.Reason reason, long nanos)) {
        checkRefusal(item, fits, reason, nanos);
      } else {
        assertTrue(fits, context);
        admitted.add(item);
        unanswered.add(item);
        arrivals.add(now);
      }
    }

    void checkRefusal(TestItem item, boolean fits, Admission.Reason reason, long nanos) {
      assertEquals(
          fits ? Admission.Reason.DEADLINE_UNREACHABLE : Admission.Reason.QUEUE_FULL,
          reason,
          context);
      if (fits) {
        long safe = nanos + nanos / 4 + 1_000_000;
        assertTrue(now + safe - item.deadlineNanos() > 0, context);
      }
    }

    void leave(TestItem item) {
      if (random.nextBoolean()) {
        item.cancelled = true;
      } else if (batcher.cancel(item)) {
        item.answer();
      }
    }

    void stepWorkers() {
      for (int i = 0; i < workers.size(); i++) {
        SimulatedWorker worker = workers.get(i);
        boolean due = worker.called || (worker.timed && now - worker.wakeAt >= 0);
        if (due && worker.isFree(now)) {
          step(worker, batcher.steps().get(i));
        }
      }
    }

    void step(SimulatedWorker worker, BatchStep step) {
      worker.called = false;
      worker.timed = false;
      switch (step.doWork(now)) {
        case Next.WorkDone() -> worker.called = true;
        case Next.WaitUntil(long until) -> {
          worker.timed = true;
          worker.wakeAt = until;
        }
        case Next.Idle() -> {}
        case Next.Drained() -> {}
      }
    }

    void run(SimulatedWorker worker, Batch<TestItem> batch) {
      worker.busy = true;
      worker.busyUntil = now + random.nextInt(20) * STEP_NANOS;
      Object key = batch.get(0).batchKey();
      int rows = 0;
      for (int i = 0; i < batch.size(); i++) {
        TestItem item = batch.get(i);
        assertEquals(key, item.batchKey(), context);
        assertTrue(item.id > lastRunId, () -> context + ": out of order, " + item);
        assertFalse(item.isCancelled(), () -> context + ": cancelled, " + item);
        boolean inTime =
            item.deadlineNanos() == BatchItem.NO_DEADLINE || now - item.deadlineNanos() < 0;
        assertTrue(inTime, () -> context + ": expired, " + item);
        lastRunId = item.id;
        rows += item.rows();
        item.answer();
      }
      assertEquals(rows, batch.rows(), context);
      assertTrue(rows <= config.maxBatchRows() || batch.size() == 1, context);
    }

    /// No request waits beyond its share, or into its deadline, while an instance rests.
    void checkQueue() {
      unanswered.removeIf(item -> item.answers() > 0);
      assertEquals(unanswered.size(), batcher.queuedItems(), context);
      assertEquals(
          unanswered.stream().mapToInt(TestItem::rows).sum(), batcher.queuedRows(), context);
      boolean anyoneRests = workers.stream().anyMatch(w -> !w.called && w.isFree(now));
      boolean anyoneComes = workers.stream().anyMatch(w -> w.called && w.isFree(now));
      if (anyoneRests && !anyoneComes) {
        unanswered.forEach(this::checkMayWait);
      }
    }

    void checkMayWait(TestItem item) {
      long waited = now - arrivals.get(item.id);
      assertTrue(
          waited < config.maxQueueDelayNanos(), () -> context + ": waits " + waited + ", " + item);
      long closeAt =
          item.deadlineNanos()
              - BatchFormer.DEADLINE_MARGIN_NANOS
              - batcher.serviceTimes().estimateNanos(item.batchKey(), config.maxBatchRows());
      assertTrue(
          item.deadlineNanos() == BatchItem.NO_DEADLINE || now - closeAt < 0,
          () -> context + ": waits into its deadline, " + item);
    }

    void drain() {
      batcher.close();
      assertEquals(0, batcher.queuedRows(), context);
      for (TestItem item : admitted) {
        assertEquals(1, item.answers(), () -> context + ", " + item);
      }
    }
  }
}
