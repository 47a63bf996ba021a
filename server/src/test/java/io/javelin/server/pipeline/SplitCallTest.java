package io.javelin.server.pipeline;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.javelin.loader.engine.EngineException;
import io.javelin.server.pipeline.PipelineFixture.Refused;
import io.javelin.server.pipeline.PipelineFixture.Sent;
import io.javelin.server.pipeline.RuntimeSettings.CacheSettings;
import io.javelin.server.pipeline.RuntimeSettings.Handling;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(60)
class SplitCallTest {
  private static final int UNLIMITED = Integer.MAX_VALUE / 2;
  private static final int MAX_ROWS = 4;

  private final PuppetEngine engine = new PuppetEngine(UNLIMITED);
  private final PuppetEngine held = new PuppetEngine(0);

  private static PipelineFixture fixture(PuppetEngine engine, int instances, LongSupplier clock)
      throws EngineException {
    return fixture(engine, instances, 16, clock);
  }

  private static PipelineFixture fixture(
      PuppetEngine engine, int instances, int queueRows, LongSupplier clock)
      throws EngineException {
    return new PipelineFixture(
        engine,
        PipelineFixture.settings(
            instances, MAX_ROWS, queueRows, new Handling(0, null, true, false, null)),
        clock);
  }

  private static float[] rows(int count, int seed) {
    float[] values = new float[count * PuppetEngine.WIDTH];
    for (int i = 0; i < values.length; i++) {
      values[i] = seed * 1_000 + i;
    }
    return values;
  }

  private static float[] plusOne(float[] values) {
    float[] expected = values.clone();
    for (int i = 0; i < expected.length; i++) {
      expected[i]++;
    }
    return expected;
  }

  private static void awaitIdle(PipelineFixture fixture) {
    while (fixture.openPayloads.get() > 0 || fixture.openLeases.get() > 0) {
      Thread.onSpinWait();
    }
  }

  @Test
  void oneAnswerCarriesAllRowsInOrderAndCountsAsOneRequest() throws Exception {
    try (PipelineFixture fixture = fixture(engine, 2, System::nanoTime)) {
      assertArrayEquals(plusOne(rows(11, 1)), fixture.send(rows(11, 1)).answer.join());
      awaitIdle(fixture);

      assertEquals(3, engine.runs.get());
      assertEquals(1, fixture.telemetry.succeeded.get());
      assertEquals(11, fixture.telemetry.predictions.get());
    }
  }

  @Test
  void withoutSplittingItIsRefusedWithTritonsText() throws Exception {
    try (PipelineFixture fixture = new PipelineFixture(engine, 1, MAX_ROWS, 16)) {
      assertEquals(
          "inference request batch-size must be <= 4 for 'add', got 5",
          refusal(fixture.send(rows(5, 1))).message());
    }
  }

  @Test
  void whatTheQueueCannotHoldIsRefused() throws Exception {
    try (PipelineFixture fixture = fixture(held, 1, System::nanoTime)) {
      assertInstanceOf(Refusal.InvalidArgument.class, refusal(fixture.send(rows(17, 1))));
      occupy(fixture);
      Sent waiting = fixture.send(rows(8, 2));

      assertInstanceOf(Refusal.NotAdmitted.class, refusal(fixture.send(rows(9, 3))));

      held.allow(UNLIMITED);
      assertArrayEquals(plusOne(rows(8, 2)), waiting.answer.join());
    }
  }

  @Test
  void whenOnePartFailsTheCallerIsRefusedOnceAndNothingIsCountedAsPredicted() throws Exception {
    try (PipelineFixture fixture = fixture(engine, 1, System::nanoTime)) {
      float[] bad = rows(12, 1);
      bad[5 * PuppetEngine.WIDTH] = Float.NaN;

      assertInstanceOf(Refusal.EngineFailed.class, refusal(fixture.send(bad)));
      awaitIdle(fixture);
      assertEquals(1, fixture.telemetry.failed.get());
      assertEquals(0, fixture.telemetry.predictions.get());
    }
  }

  @Test
  void cancellingReachesAllParts() throws Exception {
    try (PipelineFixture fixture = fixture(held, 1, System::nanoTime)) {
      occupy(fixture);
      Sent waiting = fixture.send(rows(12, 1));
      waiting.cancel();
      assertEquals(0, fixture.runtime.queuedRows());
      held.allow(UNLIMITED);

      awaitIdle(fixture);
      assertFalse(waiting.answer.isDone());
      assertEquals(1, held.runs.get());
      assertEquals(1, fixture.telemetry.canceled.get());
    }
  }

  @Test
  void cancellingWhileAPartRunsDropsTheOthers() throws Exception {
    try (PipelineFixture fixture = fixture(held, 1, System::nanoTime)) {
      Sent running = fixture.send(rows(12, 1));
      while (held.runs.get() == 0) {
        Thread.onSpinWait();
      }
      running.cancel();
      held.allow(UNLIMITED);

      awaitIdle(fixture);
      assertFalse(running.answer.isDone());
      assertEquals(1, held.runs.get());
      assertEquals(1, fixture.telemetry.canceled.get());
    }
  }

  @Test
  void theDeadlineHoldsForAllParts() throws Exception {
    AtomicLong now = new AtomicLong();
    try (PipelineFixture fixture = fixture(held, 1, now::get)) {
      occupy(fixture);
      Sent late = fixture.send(rows(12, 1), 1_000);
      now.set(1_000);
      held.allow(UNLIMITED);

      assertInstanceOf(Refusal.DeadlineExceeded.class, refusal(late));
      awaitIdle(fixture);
      assertEquals(1, held.runs.get());
      assertEquals(1, fixture.telemetry.rejected.get());
    }
  }

  @Test
  void anOversizeAnswerIsKeptInTheCacheAsOne() throws Exception {
    CacheSettings cache = new CacheSettings(1 << 20, 1_000_000_000, 1 << 10);
    RuntimeSettings settings =
        PipelineFixture.settings(2, MAX_ROWS, 16, new Handling(0, cache, true, false, null));
    try (PipelineFixture fixture = new PipelineFixture(engine, settings, () -> 0)) {
      fixture.send(rows(11, 1)).answer.join();
      awaitIdle(fixture);
      Sent again = fixture.send(rows(11, 1));

      assertArrayEquals(plusOne(rows(11, 1)), again.answer.join());
      assertEquals(CacheResult.HIT, again.cacheResult());
      assertEquals(3, engine.runs.get());
    }
  }

  /// Small and oversize requests, bad rows and cancellations together: everybody gets his own rows,
  /// each request ends exactly once, and nothing is held afterwards. With room for all callers
  /// every good request that nobody cancels is answered; in a tight queue how many are is up to the
  /// threads.
  @ParameterizedTest(name = "queue of {0} rows")
  @CsvSource({"16, 1", "64, 6500"})
  void givesEveryCallerExactlyItsOwnRows(int queueRows, int leastAnswered) throws Exception {
    long seed = 11;
    PipelineFixture fixture = fixture(engine, 3, queueRows, System::nanoTime);
    try (ExecutorService callers = Executors.newFixedThreadPool(4)) {
      List<Future<Integer>> answered = new ArrayList<>();
      for (int caller = 0; caller < 4; caller++) {
        SplittableRandom random = new SplittableRandom(seed + caller);
        answered.add(callers.submit(() -> call(fixture, random)));
      }
      int total = 0;
      for (Future<Integer> one : answered) {
        total += one.get();
      }
      assertTrue(total >= leastAnswered, "answered: " + total + ", seed " + seed);
    }
    fixture.close();
    assertEquals(0, fixture.openPayloads.get(), "messages still held, seed " + seed);
    assertEquals(0, fixture.openLeases.get(), "leases still open, seed " + seed);
    int ended =
        fixture.telemetry.succeeded.get()
            + fixture.telemetry.canceled.get()
            + fixture.telemetry.failed.get()
            + fixture.telemetry.rejected.get();
    assertEquals(4 * 2_000, ended, "seed " + seed);
  }

  private static int call(PipelineFixture fixture, SplittableRandom random) {
    int answered = 0;
    for (int i = 0; i < 2_000; i++) {
      float[] values = rows(1 + random.nextInt(14), random.nextInt(1_000));
      boolean poison = random.nextInt(20) == 0;
      if (poison) {
        values[random.nextInt(values.length)] = Float.NaN;
      }
      Sent sent = fixture.send(values);
      if (random.nextInt(8) == 0) {
        sent.cancel();
      } else {
        answered += check(values, poison, sent) ? 1 : 0;
      }
    }
    return answered;
  }

  private static boolean check(float[] values, boolean poison, Sent sent) {
    try {
      float[] answer = sent.answer.join();
      assertFalse(poison, "a request with a bad value was answered");
      assertArrayEquals(plusOne(values), answer);
      return true;
    } catch (CompletionException e) {
      Refused refused = assertInstanceOf(Refused.class, e.getCause());
      assertTrue(
          poison || !(refused.refusal instanceof Refusal.EngineFailed), refused.getMessage());
      return false;
    }
  }

  private void occupy(PipelineFixture fixture) {
    fixture.send(rows(1, 0));
    while (held.runs.get() == 0) {
      Thread.onSpinWait();
    }
  }

  private static Refusal refusal(Sent sent) {
    CompletionException failed = assertThrows(CompletionException.class, () -> sent.answer.join());
    return assertInstanceOf(Refused.class, failed.getCause()).refusal;
  }
}
