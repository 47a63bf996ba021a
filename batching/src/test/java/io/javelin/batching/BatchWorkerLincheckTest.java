package io.javelin.batching;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.jetbrains.lincheck.Lincheck;
import org.junit.jupiter.api.Test;

/// No wake-up is lost between offering and parking: model checking of real workers. The answers are
/// awaited before closing, because closing wakes everybody; a lost wake-up is then a deadlock.
class BatchWorkerLincheckTest {
  @Test
  void theWorkerHearsOfARequestWhileItGoesToRest() {
    Lincheck.runConcurrentTest(100, () -> answers(1, 1));
  }

  @Test
  void twoWorkersShareTwoRequests() {
    Lincheck.runConcurrentTest(40, () -> answers(2, 2));
  }

  /// One row per batch, so that each request needs a run of its own.
  private static void answers(int workers, int requests) {
    CountDownLatch answers = new CountDownLatch(requests);
    List<BatchRunner<TestItem>> runners = new ArrayList<>();
    for (int i = 0; i < workers; i++) {
      runners.add(_ -> answers.countDown());
    }
    MicroBatcher<TestItem> batcher =
        new MicroBatcher<>(
            "m",
            new BatchingConfig(1, requests, 0, List.of()),
            runners,
            new RecordingListener(),
            () -> 0L);
    for (int i = 0; i < requests; i++) {
      batcher.submit(TestItem.ofRows(1));
    }
    try {
      answers.await();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
    batcher.close();
  }
}
