package io.javelin.server.pipeline;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.javelin.batching.Admission;
import io.javelin.server.pipeline.PipelineFixture.Refused;
import io.javelin.server.pipeline.PipelineFixture.Sent;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class InferencePipelineTest {
  private static final int UNLIMITED = Integer.MAX_VALUE / 2;

  @Test
  void answersEveryRowOfARequest() throws Exception {
    try (PipelineFixture fixture = new PipelineFixture(new PuppetEngine(UNLIMITED), 1, 8, 64)) {
      assertArrayEquals(new float[] {2, 3, 4, 5}, fixture.send(1, 2, 3, 4).answer.join());
    }
  }

  /// The property that batching must never break: whatever is joined, cancelled or refused, a
  /// caller gets exactly the answer to its own rows, and nothing is held afterwards.
  @Test
  void givesEveryCallerExactlyItsOwnRows() throws Exception {
    long seed = 42;
    PuppetEngine engine = new PuppetEngine(UNLIMITED);
    PipelineFixture fixture = new PipelineFixture(engine, 3, 8, 256);
    try (ExecutorService callers = Executors.newFixedThreadPool(6)) {
      List<Future<Integer>> answered = new ArrayList<>();
      for (int caller = 0; caller < 6; caller++) {
        int id = caller;
        answered.add(callers.submit(() -> call(fixture, id, new SplittableRandom(seed + id))));
      }
      int total = 0;
      for (Future<Integer> one : answered) {
        total += one.get();
      }
      assertTrue(total > 1_000, "hardly any request was answered: " + total + ", seed " + seed);
    }
    fixture.close();
    assertEquals(0, fixture.openPayloads.get(), "messages still held, seed " + seed);
    assertEquals(0, fixture.openLeases.get(), "leases still open, seed " + seed);
    assertEquals(0, engine.open.get(), "instances still open, seed " + seed);
  }

  private static int call(PipelineFixture fixture, int caller, SplittableRandom random) {
    int answered = 0;
    for (int i = 0; i < 2_000; i++) {
      float[] values = new float[(1 + random.nextInt(4)) * PuppetEngine.WIDTH];
      for (int v = 0; v < values.length; v++) {
        values[v] = caller * 100_000 + i * 8 + v;
      }
      boolean poison = random.nextInt(50) == 0;
      if (poison) {
        values[0] = Float.NaN;
      }
      Sent sent = fixture.send(values);
      if (random.nextInt(10) == 0) {
        sent.cancel();
      } else {
        answered += checkAnswer(values, poison, sent) ? 1 : 0;
      }
    }
    return answered;
  }

  private static boolean checkAnswer(float[] values, boolean poison, Sent sent) {
    try {
      float[] answer = sent.answer.join();
      assertFalse(poison, "a request with a bad value was answered");
      assertEquals(values.length, answer.length);
      for (int v = 0; v < values.length; v++) {
        assertEquals(values[v] + 1, answer[v]);
      }
      return true;
    } catch (CompletionException e) {
      Refused refused = assertInstanceOf(Refused.class, e.getCause());
      if (refused.refusal instanceof Refusal.EngineFailed) {
        assertTrue(poison, "a good request failed: " + refused.getMessage());
      }
      return false;
    }
  }

  @Test
  void oneBadRequestDoesNotHarmItsBatchMates() throws Exception {
    PuppetEngine engine = new PuppetEngine(0);
    try (PipelineFixture fixture = new PipelineFixture(engine, 1, 8, 64)) {
      Sent first = fixture.send(0, 0); // Occupies the instance while the others queue up.
      Sent good = fixture.send(1, 2);
      Sent bad = fixture.send(Float.NaN, 0);
      Sent alsoGood = fixture.send(3, 4);
      engine.allow(UNLIMITED);

      assertArrayEquals(new float[] {1, 1}, first.answer.join());
      assertArrayEquals(new float[] {2, 3}, good.answer.join());
      assertArrayEquals(new float[] {4, 5}, alsoGood.answer.join());
      assertInstanceOf(Refusal.EngineFailed.class, refusal(bad));
    }
  }

  @Test
  void refusesAtOnceWhenTheQueueIsFull() throws Exception {
    PuppetEngine engine = new PuppetEngine(0);
    try (PipelineFixture fixture = new PipelineFixture(engine, 1, 2, 2)) {
      fixture.send(0, 0);
      while (engine.runs.get() == 0) {
        Thread.onSpinWait();
      }
      fixture.send(1, 1); // These two fill the queue while the first one runs.
      fixture.send(2, 2);

      Refusal refusal = refusal(fixture.send(3, 3));

      assertInstanceOf(Refusal.NotAdmitted.class, refusal);
      assertTrue(refusal.message().startsWith("Exceeds maximum queue size"), refusal.message());
      engine.allow(UNLIMITED);
    }
  }

  @Test
  void aRequestWhoseDeadlinePassesInTheQueueCostsNoCompute() throws Exception {
    PuppetEngine engine = new PuppetEngine(0);
    try (PipelineFixture fixture = new PipelineFixture(engine, 1, 1, 64)) {
      Sent running = fixture.send(0, 0);
      while (engine.runs.get() == 0) {
        Thread.onSpinWait();
      }
      Sent late = fixture.send(new float[] {1, 1}, System.nanoTime() + 1_000_000);
      while (System.nanoTime() - late.callDeadline() < 0) {
        Thread.onSpinWait();
      }
      engine.allow(UNLIMITED);

      assertArrayEquals(new float[] {1, 1}, running.answer.join());
      assertInstanceOf(Refusal.DeadlineExceeded.class, refusal(late));
      assertEquals(1, engine.runs.get());
    }
  }

  @Test
  void refusesAtOnceWhatCannotBeAnsweredInTime() throws Exception {
    try (PipelineFixture fixture = new PipelineFixture(new PuppetEngine(UNLIMITED), 1, 8, 64)) {
      for (int i = 0; i < 10; i++) {
        fixture.runtime.serviceTimes().record(RequestValidator.FIXED_SHAPE, 1, 60_000_000_000L);
      }
      float[] row = {1, 2};
      long deadline = System.nanoTime() + 30_000_000_000L;
      fixture.send(row, deadline).answer.join(); // A probe, which corrects the estimate by one run.
      fixture.runtime.serviceTimes().record(RequestValidator.FIXED_SHAPE, 1, 120_000_000_000L);
      Refusal refused = refusal(fixture.send(row, System.nanoTime() + 1_000_000_000L));
      Refusal.NotAdmitted why = assertInstanceOf(Refusal.NotAdmitted.class, refused);
      assertEquals(Admission.Reason.DEADLINE_UNREACHABLE, why.reason());
      assertTrue(
          why.message()
              .matches(
                  "deadline cannot be met: model 'add' version 1 needs about [0-9.]+ ms and has"
                      + " [0-9.]+ ms"),
          why.message());
    }
  }

  @Test
  void aCancelledRequestFreesItsPlaceAtOnceAndIsNotRun() throws Exception {
    PuppetEngine engine = new PuppetEngine(0);
    PipelineFixture fixture = new PipelineFixture(engine, 1, 1, 1);
    Sent running = fixture.send(0, 0);
    while (engine.runs.get() == 0) {
      Thread.onSpinWait();
    }
    Sent waiting = fixture.send(1, 1);
    waiting.cancel();
    Sent next = fixture.send(2, 2);
    engine.allow(UNLIMITED);

    assertArrayEquals(new float[] {1, 1}, running.answer.join());
    assertArrayEquals(new float[] {3, 3}, next.answer.join());
    assertFalse(waiting.answer.isDone());
    fixture.close();
    assertEquals(2, engine.runs.get());
    assertEquals(1, fixture.telemetry.canceled.get());
    assertEquals(0, fixture.openPayloads.get());
  }

  @Test
  void namesUnknownModelsAndVersions() throws Exception {
    try (PipelineFixture fixture = new PipelineFixture(new PuppetEngine(UNLIMITED), 1, 8, 64)) {
      Refusal unknown = fixture.pipeline.whyNotServed("nope", 0);
      assertEquals(
          "Request for unknown model: 'nope' is not found; models here: [add]", unknown.message());
      Refusal version = fixture.pipeline.whyNotServed("add", 7);
      assertEquals(
          "Request for unknown model: 'add' version 7 is not found; ready versions: [1]",
          version.message());
    }
  }

  private static Refusal refusal(Sent sent) {
    CompletionException failed = assertThrows(CompletionException.class, () -> sent.answer.join());
    return assertInstanceOf(Refused.class, failed.getCause()).refusal;
  }
}
