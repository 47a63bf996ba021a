package io.javelin.batching;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.javelin.batching.BatchStep.Next;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// The step by hand, through a batcher without threads.
class BatchLoopTest {
  private final AtomicLong clock = new AtomicLong(1_000);
  private final List<List<Integer>> runs = new ArrayList<>();
  private final List<BatchStep> woken = new ArrayList<>();
  private final List<Throwable> uncaught = new ArrayList<>();

  @BeforeEach
  void listenToUncaught() {
    Thread.currentThread().setUncaughtExceptionHandler((_, failure) -> uncaught.add(failure));
  }

  @AfterEach
  void restoreHandler() {
    Thread.currentThread().setUncaughtExceptionHandler(null);
  }

  @Test
  void runsWhatIsQueuedInOneBatch() {
    RecordingListener listener = new RecordingListener();
    MicroBatcher<TestItem> batcher = batcher(this::record, listener);
    submit(batcher, 1);
    submit(batcher, 2);
    assertEquals(2, batcher.queuedItems());
    assertSame(Next.WORK_DONE, step(batcher));
    assertEquals(List.of(List.of(1, 2)), runs);
    assertEquals(List.of(CloseCause.IDLE), listener.causes);
    assertEquals(0, batcher.queuedRows());
    assertSame(Next.IDLE, step(batcher));
  }

  @Test
  void isWokenOncePerNeed() {
    MicroBatcher<TestItem> batcher = batcher(this::record, new RecordingListener());
    submit(batcher, 1);
    submit(batcher, 2);
    assertEquals(List.of(batcher.steps().getFirst()), woken);
    step(batcher);
    step(batcher);
    submit(batcher, 3);
    assertEquals(2, woken.size());
  }

  @Test
  void tellsOfEachDroppedRequestOnceBeforeTheRun() {
    RecordingListener listener = new RecordingListener();
    MicroBatcher<TestItem> batcher = batcher(this::record, listener);
    TestItem cancelled = submit(batcher, 1);
    batcher.submit(new TestItem(2, 1, TestItem.ANY_KEY, clock.get() + 5));
    submit(batcher, 3);
    cancelled.cancelled = true;
    clock.addAndGet(5);
    step(batcher);
    step(batcher);
    assertEquals(List.of("1 CANCELLED", "2 EXPIRED"), listener.dropped);
    assertEquals(List.of(List.of(3)), runs);
  }

  @Test
  void tellsTheBatchItsSizeRowsAndTime() {
    AtomicReference<String> seen = new AtomicReference<>("");
    MicroBatcher<TestItem> batcher =
        batcher(
            batch -> seen.set(batch.size() + " " + batch.rows() + " " + batch.closedNanos()),
            new RecordingListener());
    batcher.submit(TestItem.ofRows(3));
    batcher.submit(TestItem.ofRows(2));
    step(batcher);
    assertEquals("2 5 1000", seen.get());
  }

  @Test
  void handsWhatTheRunnerThrowsToTheListener() {
    RecordingListener listener = new RecordingListener();
    AssertionError failure = new AssertionError("native code said no");
    MicroBatcher<TestItem> batcher =
        batcher(
            _ -> {
              throw failure;
            },
            listener);
    TestItem item = submit(batcher, 1);
    assertSame(Next.WORK_DONE, step(batcher));
    assertEquals(List.of(failure), listener.failures);
    assertEquals(1, item.answers());
    assertEquals(List.of(), uncaught);
  }

  @Test
  void survivesAListenerThatThrows() {
    IllegalStateException breach = new IllegalStateException("listener");
    MicroBatcher<TestItem> batcher =
        batcher(
            batch -> {
              record(batch);
              throw new IllegalArgumentException("runner");
            },
            new BatchListener<>() {
              @Override
              public void onBatchClosed(Batch<TestItem> batch) {
                throw breach;
              }

              @Override
              public void onDropped(TestItem item, DropReason reason) {
                throw breach;
              }

              @Override
              public void onRunFailed(Batch<TestItem> batch, Throwable failure) {
                throw breach;
              }
            });
    submit(batcher, 1).cancelled = true;
    submit(batcher, 2).cancelled = true;
    submit(batcher, 3);
    assertSame(Next.WORK_DONE, step(batcher));
    assertEquals(List.of(List.of(3)), runs);
    assertEquals(List.of(breach, breach, breach, breach), uncaught);
  }

  @Test
  void aWakerThatThrowsDoesNotLookLikeARefusal() {
    IllegalStateException rejected = new IllegalStateException("event loop is shut down");
    MicroBatcher<TestItem> batcher =
        MicroBatcher.stepped(
            new BatchingConfig(8, 16, 0, List.of()),
            List.of(this::record),
            new RecordingListener(),
            clock::get,
            _ -> {
              throw rejected;
            });
    assertSame(Admission.ADMITTED, batcher.submit(TestItem.ofRows(1)));
    assertEquals(List.of(rejected), uncaught);
  }

  @Test
  void theBatchIsEmptyOnceItsRunIsOver() {
    AtomicReference<Batch<TestItem>> kept = new AtomicReference<>();
    MicroBatcher<TestItem> batcher = batcher(kept::set, new RecordingListener());
    submit(batcher, 1);
    step(batcher);
    assertEquals(0, kept.get().size());
    assertThrows(IndexOutOfBoundsException.class, () -> kept.get().get(0));
  }

  @Test
  void refusesToBeCalledFromWithinItself() {
    RecordingListener listener = new RecordingListener();
    AtomicReference<BatchStep> self = new AtomicReference<>();
    MicroBatcher<TestItem> batcher = batcher(_ -> self.get().doWork(clock.get()), listener);
    self.set(batcher.steps().getFirst());
    submit(batcher, 1);
    step(batcher);
    assertTrue(listener.failures.getFirst() instanceof IllegalStateException);
  }

  @Test
  void closingDrainsOnTheCallersThread() {
    RecordingListener listener = new RecordingListener();
    MicroBatcher<TestItem> batcher = batcher(this::record, listener);
    for (int i = 0; i < 10; i++) {
      submit(batcher, i);
    }
    batcher.close();
    batcher.close();
    assertEquals(List.of(List.of(0, 1, 2, 3, 4, 5, 6, 7), List.of(8, 9)), runs);
    assertEquals(List.of(CloseCause.DRAIN, CloseCause.DRAIN), listener.causes);
    assertSame(Admission.CLOSED, batcher.submit(TestItem.ofRows(1)));
    assertSame(Next.DRAINED, step(batcher));
  }

  @Test
  void aCancelledRequestIsTheCallersAgain() {
    MicroBatcher<TestItem> batcher = batcher(this::record, new RecordingListener());
    TestItem item = submit(batcher, 1);
    assertTrue(batcher.cancel(item));
    assertEquals(0, batcher.queuedRows());
    assertSame(Next.IDLE, step(batcher));
    assertEquals(List.of(), runs);
  }

  @Test
  void refusesABatcherWithoutRunners() {
    assertThrows(
        IllegalArgumentException.class,
        () ->
            MicroBatcher.stepped(
                new BatchingConfig(8, 16, 0, List.of()),
                List.<BatchRunner<TestItem>>of(),
                new RecordingListener(),
                clock::get,
                woken::add));
  }

  private MicroBatcher<TestItem> batcher(
      BatchRunner<TestItem> runner, BatchListener<TestItem> listener) {
    return MicroBatcher.stepped(
        new BatchingConfig(8, 16, 0, List.of()), List.of(runner), listener, clock::get, woken::add);
  }

  private Next step(MicroBatcher<TestItem> batcher) {
    return batcher.steps().getFirst().doWork(clock.get());
  }

  private static TestItem submit(MicroBatcher<TestItem> batcher, int id) {
    TestItem item = new TestItem(id, 1, TestItem.ANY_KEY, BatchItem.NO_DEADLINE);
    assertSame(Admission.ADMITTED, batcher.submit(item));
    return item;
  }

  private void record(Batch<TestItem> batch) {
    List<Integer> ids = new ArrayList<>();
    for (int i = 0; i < batch.size(); i++) {
      ids.add(batch.get(i).id);
      batch.get(i).answer();
    }
    runs.add(ids);
  }
}
