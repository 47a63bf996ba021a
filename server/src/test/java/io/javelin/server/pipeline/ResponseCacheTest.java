package io.javelin.server.pipeline;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.javelin.batching.Admission;
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
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ResponseCacheTest {
  private static final int UNLIMITED = Integer.MAX_VALUE / 2;
  private static final long TTL_NANOS = 1_000_000_000_000L;
  private static final CacheSettings LARGE = new CacheSettings(1 << 20, TTL_NANOS, 64);

  private final PuppetEngine engine = new PuppetEngine(UNLIMITED);
  private final PuppetEngine held = new PuppetEngine(0);

  private static PipelineFixture fixture(PuppetEngine engine, @Nullable CacheSettings cache)
      throws EngineException {
    return new PipelineFixture(engine, settings(cache), System::nanoTime);
  }

  private static RuntimeSettings settings(@Nullable CacheSettings cache) {
    return PipelineFixture.settings(1, 4, 8, new Handling(0, cache, false, false, null));
  }

  /// Waits for what happens after the answer.
  private static void awaitIdle(PipelineFixture fixture) {
    while (fixture.openPayloads.get() > 0 || fixture.openLeases.get() > 0) {
      Thread.onSpinWait();
    }
  }

  private static Sent sendAndAwait(PipelineFixture fixture, float... values) {
    Sent sent = fixture.send(values);
    sent.answer.join();
    awaitIdle(fixture);
    return sent;
  }

  @Test
  void answersARepeatedRequestWithoutComputingAndCountsItAsAPrediction() throws Exception {
    try (PipelineFixture fixture = fixture(engine, LARGE)) {
      Sent first = sendAndAwait(fixture, 1, 2, 3, 4);
      Sent second = sendAndAwait(fixture, 1, 2, 3, 4);

      assertArrayEquals(new float[] {2, 3, 4, 5}, second.answer.join());
      assertEquals(CacheResult.MISS, first.cacheResult());
      assertEquals(CacheResult.HIT, second.cacheResult());
      assertEquals(1, engine.runs.get());
      assertEquals(4, fixture.telemetry.predictions.get());
      assertEquals(1, fixture.telemetry.succeeded.get());
      assertEquals(1, fixture.telemetry.cached.get());
    }
  }

  @Test
  void otherValuesOrOtherRowsAreOtherRequests() throws Exception {
    try (PipelineFixture fixture = fixture(engine, LARGE)) {
      sendAndAwait(fixture, 1, 2);

      assertEquals(CacheResult.MISS, sendAndAwait(fixture, 2, 1).cacheResult());
      assertEquals(CacheResult.MISS, sendAndAwait(fixture, 1, 2, 1, 2).cacheResult());
      assertEquals(CacheResult.HIT, sendAndAwait(fixture, 1, 2).cacheResult());
    }
  }

  @Test
  void withoutACacheNothingIsKept() throws Exception {
    try (PipelineFixture fixture = fixture(engine, null)) {
      sendAndAwait(fixture, 1, 2);

      assertNull(sendAndAwait(fixture, 1, 2).cacheResult());
      assertEquals(2, engine.runs.get());
    }
  }

  @Test
  void aRequestTooLargeToHashGoesPastTheCache() throws Exception {
    try (PipelineFixture fixture = fixture(engine, new CacheSettings(1 << 20, TTL_NANOS, 15))) {
      sendAndAwait(fixture, 1, 2, 3, 4);

      assertEquals(CacheResult.BYPASS, sendAndAwait(fixture, 1, 2, 3, 4).cacheResult());
      assertEquals(2, fixture.telemetry.bypassed.get());
      assertEquals(2, engine.runs.get());
    }
  }

  @Test
  void forgetsAnAnswerAfterItsTimeToLive() throws Exception {
    AtomicLong now = new AtomicLong();
    try (PipelineFixture fixture = new PipelineFixture(engine, settings(LARGE), now::get)) {
      sendAndAwait(fixture, 1, 2);
      now.addAndGet(TTL_NANOS - 1);
      assertEquals(CacheResult.HIT, sendAndAwait(fixture, 1, 2).cacheResult());
      now.addAndGet(1);

      assertEquals(CacheResult.MISS, sendAndAwait(fixture, 1, 2).cacheResult());
    }
  }

  @Test
  void keepsNoMoreBytesThanAllowed() throws Exception {
    long maxBytes = 10 * (ResponseCache.ENTRY_OVERHEAD_BYTES + 8);
    try (PipelineFixture fixture = fixture(engine, new CacheSettings(maxBytes, TTL_NANOS, 64))) {
      for (int i = 0; i < 200; i++) {
        sendAndAwait(fixture, i, i);
        assertTrue(fixture.telemetry.cacheBytes.getAsLong() <= maxBytes, "after request " + i);
      }
      assertEquals(maxBytes, fixture.telemetry.cacheBytes.getAsLong());
      assertEquals(10, fixture.telemetry.cacheEntries.getAsLong());
    }
  }

  @Test
  void anAnswerLargerThanTheCacheIsNotKept() throws Exception {
    long oneRow = ResponseCache.ENTRY_OVERHEAD_BYTES + 8;
    try (PipelineFixture fixture = fixture(engine, new CacheSettings(oneRow, TTL_NANOS, 64))) {
      sendAndAwait(fixture, 1, 2, 3, 4);
      assertEquals(0, fixture.telemetry.cacheEntries.getAsLong());

      sendAndAwait(fixture, 1, 2);
      assertEquals(1, fixture.telemetry.cacheEntries.getAsLong());
    }
  }

  @Test
  void errorsAreNotKept() throws Exception {
    try (PipelineFixture fixture = fixture(engine, LARGE)) {
      engine.failures.set(1);
      assertInstanceOf(Refusal.EngineFailed.class, refusal(fixture.send(1, 2)));
      awaitIdle(fixture);

      assertArrayEquals(new float[] {2, 3}, sendAndAwait(fixture, 1, 2).answer.join());
    }
  }

  @Test
  void identicalRequestsShareOneComputation() throws Exception {
    try (PipelineFixture fixture = fixture(held, LARGE)) {
      Sent first = fixture.send(1, 2);
      Sent second = fixture.send(1, 2);
      Sent third = fixture.send(1, 2);
      held.allow(UNLIMITED);

      for (Sent sent : List.of(first, second, third)) {
        assertArrayEquals(new float[] {2, 3}, sent.answer.join());
      }
      awaitIdle(fixture);
      assertEquals(CacheResult.SHARED, third.cacheResult());
      assertEquals(1, held.runs.get());
      assertEquals(2, fixture.telemetry.shared.get());
      assertEquals(3, fixture.telemetry.predictions.get());
    }
  }

  @Test
  void whenTheFirstFailsTheNextIsComputed() throws Exception {
    try (PipelineFixture fixture = fixture(held, LARGE)) {
      held.failures.set(1);
      Sent first = fixture.send(1, 2);
      Sent second = fixture.send(1, 2);
      Sent third = fixture.send(1, 2);
      held.allow(UNLIMITED);

      assertInstanceOf(Refusal.EngineFailed.class, refusal(first));
      assertArrayEquals(new float[] {2, 3}, second.answer.join());
      assertArrayEquals(new float[] {2, 3}, third.answer.join());
      awaitIdle(fixture);
      assertEquals(2, held.runs.get());
      assertEquals(CacheResult.MISS, second.cacheResult());
      assertEquals(CacheResult.SHARED, third.cacheResult());
    }
  }

  @Test
  void whenTheFirstIsCancelledWhileItWaitsTheNextIsComputed() throws Exception {
    try (PipelineFixture fixture = fixture(held, LARGE)) {
      Sent running = occupy(fixture);
      Sent first = fixture.send(1, 2);
      Sent second = fixture.send(1, 2);
      first.cancel();
      held.allow(UNLIMITED);

      assertArrayEquals(new float[] {2, 3}, second.answer.join());
      running.answer.join();
      awaitIdle(fixture);
      assertFalse(first.answer.isDone());
      assertEquals(1, fixture.telemetry.canceled.get());
    }
  }

  @Test
  void whenTheFirstIsCancelledWhileItRunsTheOthersGetItsAnswer() throws Exception {
    try (PipelineFixture fixture = fixture(held, LARGE)) {
      Sent first = occupy(fixture);
      Sent second = fixture.send(0, 0);
      first.cancel();
      held.allow(UNLIMITED);

      assertArrayEquals(new float[] {1, 1}, second.answer.join());
      awaitIdle(fixture);
      assertFalse(first.answer.isDone());
      assertEquals(1, held.runs.get());
    }
  }

  @Test
  void aCancelledWaiterIsNotAnsweredAndFreesItsPlace() throws Exception {
    try (PipelineFixture fixture = fixture(held, LARGE)) {
      Sent first = occupy(fixture);
      List<Sent> gone = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        gone.add(fixture.send(0, 0));
      }
      assertInstanceOf(Refusal.NotAdmitted.class, refusal(fixture.send(0, 0)));
      gone.forEach(Sent::cancel);
      assertEquals(8, fixture.telemetry.canceled.get());
      Sent late = fixture.send(0, 0);
      held.allow(UNLIMITED);

      first.answer.join();
      assertArrayEquals(new float[] {1, 1}, late.answer.join());
      awaitIdle(fixture);
      gone.forEach(sent -> assertFalse(sent.answer.isDone()));
    }
  }

  @Test
  void noMoreMayWaitForAnAnswerThanInTheQueue() throws Exception {
    try (PipelineFixture fixture = fixture(held, LARGE)) {
      occupy(fixture);
      for (int i = 0; i < 8; i++) {
        fixture.send(0, 0);
      }

      Refusal.NotAdmitted refused =
          assertInstanceOf(Refusal.NotAdmitted.class, refusal(fixture.send(0, 0)));
      assertEquals(Admission.Reason.QUEUE_FULL, refused.reason());
      held.allow(UNLIMITED);
    }
  }

  @Test
  void aWaiterKeepsItsOwnDeadline() throws Exception {
    AtomicLong now = new AtomicLong();
    try (PipelineFixture fixture = new PipelineFixture(held, settings(LARGE), now::get)) {
      Sent first = occupy(fixture);
      Sent late = fixture.send(new float[] {0, 0}, 1_000);
      Sent patient = fixture.send(new float[] {0, 0}, 2_000);
      now.set(1_000);
      held.allow(UNLIMITED);

      first.answer.join();
      assertInstanceOf(Refusal.DeadlineExceeded.class, refusal(late));
      patient.answer.join();
    }
  }

  @Test
  void whenTheFirstExpiresTheNextIsComputed() throws Exception {
    AtomicLong now = new AtomicLong();
    try (PipelineFixture fixture = new PipelineFixture(held, settings(LARGE), now::get)) {
      occupy(fixture);
      Sent late = fixture.send(new float[] {1, 2}, 1_000);
      Sent patient = fixture.send(1, 2);
      now.set(1_000);
      held.allow(UNLIMITED);

      assertInstanceOf(Refusal.DeadlineExceeded.class, refusal(late));
      assertArrayEquals(new float[] {2, 3}, patient.answer.join());
    }
  }

  @Test
  void followsItsSettingsWhileServing() throws Exception {
    try (PipelineFixture fixture = fixture(engine, LARGE)) {
      sendAndAwait(fixture, 1, 2);
      fixture.runtime.reconfigure(settings(LARGE));
      assertEquals(CacheResult.HIT, sendAndAwait(fixture, 1, 2).cacheResult());

      fixture.runtime.reconfigure(settings(null));
      assertNull(sendAndAwait(fixture, 1, 2).cacheResult());

      fixture.runtime.reconfigure(settings(LARGE));
      assertEquals(CacheResult.MISS, sendAndAwait(fixture, 1, 2).cacheResult());
    }
  }

  @Test
  void whoWaitsWhenTheVersionGoesStillGetsTheAnswer() throws Exception {
    PipelineFixture fixture = fixture(held, LARGE);
    occupy(fixture);
    Sent waiting = fixture.send(0, 0);
    held.allow(UNLIMITED);
    fixture.close();

    assertArrayEquals(new float[] {1, 1}, waiting.answer.join());
    assertEquals(0, fixture.openPayloads.get());
    assertEquals(0, fixture.telemetry.cacheEntries.getAsLong());
  }

  /// Few different requests from many callers, some bad, some cancelled: everybody gets the answer
  /// to his own rows, and nothing is held afterwards.
  @Test
  void givesEveryCallerTheAnswerToItsOwnRows() throws Exception {
    long seed = 7;
    PipelineFixture fixture =
        new PipelineFixture(
            engine,
            PipelineFixture.settings(
                2,
                4,
                256,
                new Handling(0, new CacheSettings(4_000, TTL_NANOS, 64), false, false, null)),
            System::nanoTime);
    try (ExecutorService callers = Executors.newFixedThreadPool(6)) {
      List<Future<Integer>> answered = new ArrayList<>();
      for (int caller = 0; caller < 6; caller++) {
        SplittableRandom random = new SplittableRandom(seed + caller);
        answered.add(callers.submit(() -> call(fixture, random)));
      }
      int total = 0;
      for (Future<Integer> one : answered) {
        total += one.get();
      }
      assertTrue(total > 5_000, "hardly any request was answered: " + total + ", seed " + seed);
    }
    fixture.close();
    assertEquals(0, fixture.openPayloads.get(), "messages still held, seed " + seed);
    assertEquals(0, fixture.openLeases.get(), "leases still open, seed " + seed);
    assertTrue(fixture.telemetry.hits.get() > 0, "no hits");
    assertTrue(fixture.telemetry.shared.get() > 0, "no shared answers");
    int ended =
        fixture.telemetry.succeeded.get()
            + fixture.telemetry.cached.get()
            + fixture.telemetry.canceled.get()
            + fixture.telemetry.failed.get()
            + fixture.telemetry.rejected.get();
    assertEquals(6 * 3_000, ended, "seed " + seed);
  }

  private int call(PipelineFixture fixture, SplittableRandom random) {
    int answered = 0;
    for (int i = 0; i < 3_000; i++) {
      if (random.nextInt(200) == 0) {
        engine.failures.incrementAndGet();
      }
      float[] values = {random.nextInt(12), random.nextInt(2)};
      Sent sent = fixture.send(values);
      if (random.nextInt(8) == 0) {
        sent.cancel();
      } else {
        answered += check(values, sent) ? 1 : 0;
      }
    }
    return answered;
  }

  private static boolean check(float[] values, Sent sent) {
    try {
      assertArrayEquals(new float[] {values[0] + 1, values[1] + 1}, sent.answer.join());
      return true;
    } catch (CompletionException e) {
      assertInstanceOf(Refused.class, e.getCause());
      return false;
    }
  }

  private Sent occupy(PipelineFixture fixture) {
    int before = held.runs.get();
    Sent running = fixture.send(0, 0);
    while (held.runs.get() == before) {
      Thread.onSpinWait();
    }
    return running;
  }

  private static Refusal refusal(Sent sent) {
    CompletionException failed = assertThrows(CompletionException.class, () -> sent.answer.join());
    return assertInstanceOf(Refused.class, failed.getCause()).refusal;
  }
}
