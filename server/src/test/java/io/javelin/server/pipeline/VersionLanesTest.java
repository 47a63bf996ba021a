package io.javelin.server.pipeline;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.javelin.loader.engine.EngineException;
import io.javelin.server.pipeline.PipelineFixture.Sent;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// A puppet model whose runs take as much of the test's clock as the test says.
final class VersionLanesTest {
  private static final int MAX_ROWS = 8;

  private final ManualLoops loops = new ManualLoops();
  private final PuppetEngine engine = new PuppetEngine(1);
  private final AtomicLong clock = new AtomicLong(1);
  private final AtomicLong nanosPerRow = new AtomicLong();
  private final List<String> runs = new CopyOnWriteArrayList<>();
  private @Nullable PipelineFixture opened;

  private PipelineFixture open(long costOfRow, Execution.Mode mode) throws EngineException {
    nanosPerRow.set(costOfRow);
    engine.onRun =
        rows -> {
          clock.addAndGet(rows * nanosPerRow.get());
          boolean thread = Thread.currentThread().getName().startsWith("batch-");
          runs.add((thread ? "thread " : "loop ") + rows);
        };
    Execution execution = new Execution(mode, Execution.DEFAULT_LOOP_BOUND_NANOS);
    RuntimeSettings settings =
        PipelineFixture.settings(execution, 1, MAX_ROWS, 64, RuntimeSettings.Handling.plain(0));
    PipelineFixture fixture = new PipelineFixture(engine, settings, loops, clock::get);
    opened = fixture;
    fixture.runtime.tryLoops(new RunTimesProbe(new WarmupRows(PuppetEngine.SIGNATURE), clock::get));
    runs.clear();
    return fixture;
  }

  @AfterEach
  void everythingIsGivenBack() {
    PipelineFixture fixture = opened;
    if (fixture != null) {
      fixture.close();
      assertEquals(0, fixture.openLeases.get(), "leases");
      assertEquals(0, fixture.openPayloads.get(), "messages");
      assertEquals(0, engine.open.get(), "instances");
    }
  }

  @Test
  void aCheapModelRunsOnTheLoopAfterTheReadBurst() throws Exception {
    PipelineFixture fixture = open(100, Execution.Mode.AUTO);
    Sent one = fixture.send(1, 2);
    Sent other = fixture.send(3, 4);
    assertEquals(List.of(), runs, "before the burst is over");

    loops.turn();

    assertEquals(List.of("loop 2"), runs);
    assertArrayEquals(new float[] {2, 3}, one.answer.getNow(null));
    assertArrayEquals(new float[] {4, 5}, other.answer.getNow(null));
  }

  @Test
  void aLongBurstRunsInFullBatches() throws Exception {
    PipelineFixture fixture = open(100, Execution.Mode.AUTO);
    for (int i = 0; i < 2 * MAX_ROWS + 1; i++) {
      fixture.send(i, i);
    }
    loops.turn();
    assertEquals(List.of("loop 8", "loop 8", "loop 1"), runs);
  }

  @Test
  void aFullBatchDoesNotWaitForTheEndOfTheBurst() throws Exception {
    PipelineFixture fixture = open(100, Execution.Mode.AUTO);
    for (int i = 0; i < MAX_ROWS; i++) {
      fixture.send(i, i);
    }
    assertEquals(List.of("loop 8"), runs);
  }

  @Test
  void aModelDearerThanTheBoundNeverRunsOnTheLoop() throws Exception {
    PipelineFixture fixture = open(Execution.DEFAULT_LOOP_BOUND_NANOS + 1, Execution.Mode.AUTO);
    await(fixture.send(1, 2));
    loops.turn();
    assertEquals(List.of("thread 1"), runs);
  }

  @Test
  void aModelBetweenStaysOnTheLoopWhileTheThreadsAreIdleAndTheBoundIsKept() throws Exception {
    PipelineFixture fixture = open(30_000, Execution.Mode.AUTO);
    for (int i = 0; i < 3; i++) {
      fixture.send(i, i);
    }
    Sent beyondTheBound = fixture.send(3, 3);
    await(beyondTheBound);
    loops.turn();
    assertEquals(List.of("thread 1", "loop 3"), runs);
  }

  @Test
  void aModelBetweenGoesToTheThreadsWhileTheyWork() throws Exception {
    PipelineFixture fixture = open(30_000, Execution.Mode.AUTO);
    engine.deny();
    int before = engine.runs.get();
    loops.enter(false);
    Sent running = fixture.send(1, 1);
    while (engine.runs.get() == before) {
      Thread.onSpinWait();
    }
    loops.enter(true);

    Sent next = fixture.send(2, 2);
    loops.turn();
    engine.allow(1);

    await(running);
    await(next);
    assertEquals(List.of("thread 1", "thread 1"), runs);
  }

  @Test
  void requestsThatComeFromElsewhereRunOnTheThreads() throws Exception {
    PipelineFixture fixture = open(100, Execution.Mode.EVENT_LOOP);
    loops.enter(false);
    await(fixture.send(1, 2));
    assertEquals(List.of("thread 1"), runs);
  }

  @Test
  void modeThreadsOpensNothingForTheLoops() throws Exception {
    PipelineFixture fixture = open(1, Execution.Mode.THREADS);
    assertEquals(1, engine.open.get(), "instances");
    await(fixture.send(1, 2));
    assertEquals(List.of("thread 1"), runs);
  }

  @Test
  void aModelWithLoopsInItsGraphNeverRunsOnTheLoop() throws Exception {
    engine.loops = true;
    PipelineFixture fixture = open(100, Execution.Mode.EVENT_LOOP);
    await(fixture.send(1, 2));
    assertEquals(List.of("thread 1"), runs);
  }

  @Test
  void aModelThatCannotBeMeasuredServesOnTheThreads() throws Exception {
    engine.failures.set(1);
    PipelineFixture fixture = open(100, Execution.Mode.AUTO);
    await(fixture.send(1, 2));
    assertEquals(List.of("thread 1"), runs);
  }

  @Test
  void aModelThatHasBecomeDearLeavesTheLoop() throws Exception {
    PipelineFixture fixture = open(100, Execution.Mode.AUTO);
    nanosPerRow.set(Execution.DEFAULT_LOOP_BOUND_NANOS * 2);
    // Enough for the mean to move and for the next review.
    for (int i = 0; i < 512; i++) {
      Sent sent = fixture.send(i, i);
      loops.turn();
      await(sent);
    }
    await(fixture.send(1, 2));
    assertTrue(runs.getLast().startsWith("thread"), runs.getLast());
  }

  @Test
  void aWaitingCallOfTheLoopCanBeCancelled() throws Exception {
    PipelineFixture fixture = open(100, Execution.Mode.AUTO);
    Sent gone = fixture.send(1, 2);
    gone.cancel();
    assertEquals(0, fixture.openLeases.get(), "leases");
    loops.turn();
    assertEquals(List.of(), runs);
    assertFalse(gone.answer.isDone());
  }

  @Test
  void closingAnswersWhatWaitsOnTheLoop() throws Exception {
    PipelineFixture fixture = open(100, Execution.Mode.AUTO);
    Sent waiting = fixture.send(1, 2);
    fixture.close();
    opened = null;
    assertArrayEquals(new float[] {2, 3}, waiting.answer.getNow(null));
    assertEquals(0, engine.open.get(), "instances");
  }

  private static void await(Sent sent) throws Exception {
    sent.answer.get(10, TimeUnit.SECONDS);
  }
}
