package io.javelin.batching;

import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.jetbrains.lincheck.Lincheck;
import org.junit.jupiter.api.Test;

/// No wake-up is lost between offering and parking: model checking of real workers. The answers are
/// awaited before closing, because closing wakes everybody; a lost wake-up is then a deadlock.
class BatchWorkerLincheckTest {
  private static final int INVOCATIONS = 100;

  @Test
  void oneWorkerAnswersTwoCallers() {
    Lincheck.runConcurrentTest(INVOCATIONS, () -> answersEverybody(1));
  }

  @Test
  void twoWorkersAnswerTwoCallers() {
    Lincheck.runConcurrentTest(INVOCATIONS, () -> answersEverybody(2));
  }

  private static void answersEverybody(int workers) {
    CountDownLatch answers = new CountDownLatch(2);
    BatchRunner<TestItem> runner =
        batch -> {
          for (int i = 0; i < batch.size(); i++) {
            answers.countDown();
          }
        };
    List<BatchRunner<TestItem>> runners = workers == 1 ? List.of(runner) : List.of(runner, runner);
    // One row per batch: two requests need two runs.
    MicroBatcher<TestItem> batcher =
        new MicroBatcher<>(
            "m",
            new BatchingConfig(1, 2, 0, List.of()),
            runners,
            new RecordingListener(),
            () -> 0L);
    Thread other = new Thread(() -> batcher.submit(TestItem.ofRows(1)));
    other.start();
    batcher.submit(TestItem.ofRows(1));
    try {
      answers.await();
      other.join();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
    batcher.close();
  }
}
