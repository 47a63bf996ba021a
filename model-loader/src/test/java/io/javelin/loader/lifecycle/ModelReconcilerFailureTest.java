package io.javelin.loader.lifecycle;

import static io.javelin.loader.lifecycle.ReconcilerFixture.BACKOFF;
import static io.javelin.loader.lifecycle.ReconcilerFixture.latest;
import static io.javelin.loader.lifecycle.ReconcilerFixture.specific;
import static io.javelin.loader.lifecycle.ReconcilerFixture.versions;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What does not work out.
final class ModelReconcilerFailureTest {
  @TempDir private Path scratch;
  private ReconcilerFixture f;

  @BeforeEach
  void setUp() {
    f = new ReconcilerFixture(scratch);
  }

  private void serveTwoWithBrokenThree() {
    f.serveDigits(2);
    f.factory.brokenOnLoad.add(3L);
    f.store.put("digits", 3);
    f.poll();
  }

  private int attempts(long version) {
    return Objects.requireNonNull(f.status("digits", version)).attempt();
  }

  @Test
  void aBrokenVersionNeverDisturbsTheOneThatServes() {
    serveTwoWithBrokenThree();
    FakeServable serving = f.mustLease("digits", 0).servable();
    for (int i = 0; i < 100; i++) {
      assertEquals(versions(2L), f.ready("digits"));
      f.poll();
    }
    assertEquals(2, serving.version);
    assertFalse(serving.isUnloaded());
    assertFalse(f.told.contains("digits:2 DRAINING"));
    assertEquals(VersionState.FAILED, f.state("digits", 3));
    assertEquals(1, f.store.heldArtifacts(), "the files of failed attempts are removed");
  }

  @Test
  void theReasonTellsOperatorsWhatHappensNext() {
    serveTwoWithBrokenThree();
    assertEquals(
        "version 3 of 'digits' failed to load (attempt 1 of 5, next in 2 s): bad graph",
        f.reason("digits", 3));
    f.advance(BACKOFF);
    f.settle();
    assertEquals(
        "version 3 of 'digits' failed to load (attempt 2 of 5, next in 4 s): bad graph",
        f.reason("digits", 3));
  }

  @Test
  void backoffDoublesAndEndsWithTheLastAttempt() {
    serveTwoWithBrokenThree();
    Duration wait = BACKOFF;
    for (int attempt = 1; attempt < ReconcilerFixture.ATTEMPTS; attempt++) {
      assertEquals(attempt, attempts(3));
      f.advance(wait.minusNanos(1));
      f.settle();
      assertEquals(attempt, attempts(3), "too early");
      f.advance(Duration.ofNanos(1));
      f.settle();
      wait = wait.multipliedBy(2);
    }
    f.advance(Duration.ofDays(1));
    f.settle();
    assertEquals(
        "version 3 of 'digits' failed to load (attempt 5 of 5, next when its files change):"
            + " bad graph",
        f.reason("digits", 3));
  }

  @Test
  void backoffStopsGrowingAtSixtyFourTimes() {
    RetryPolicy retries = new RetryPolicy(Duration.ofMillis(250), 100);
    assertEquals(Duration.ofMillis(250), retries.delay(1));
    assertEquals(Duration.ofSeconds(16), retries.delay(7));
    assertEquals(Duration.ofSeconds(16), retries.delay(8));
    assertEquals(Duration.ofSeconds(16), retries.delay(99));
    assertEquals("attempt 1 of 100, next in 250 ms", retries.describe(1));
  }

  @Test
  void changedFilesGiveAllAttemptsAgain() {
    serveTwoWithBrokenThree();
    for (int i = 0; i < 20; i++) {
      f.poll();
    }
    assertEquals(ReconcilerFixture.ATTEMPTS, attempts(3));
    f.store.put("digits", "3", "model.onnx", "repaired, not quite");
    f.poll();
    assertEquals(1, attempts(3));
    f.factory.brokenOnLoad.clear();
    f.store.put("digits", "3", "model.onnx", "repaired");
    f.poll();
    assertEquals(versions(3L), f.ready("digits"));
    assertNull(f.reason("digits", 3));
  }

  @Test
  void aFailedWarmUpClosesTheServable() {
    f.factory.brokenOnWarmUp.add(1L);
    f.serveDigits(1);
    assertEquals(1, f.factory.loaded.getFirst().unloads.get());
    assertEquals(0, f.store.heldArtifacts());
    assertEquals(
        "version 1 of 'digits' failed to warm up (attempt 1 of 5, next in 2 s): out of memory",
        f.reason("digits", 1));
  }

  @Test
  void aMissingVersionFailsAndIsTriedWhenItAppears() {
    f.desire(specific("digits", 7L));
    f.settle();
    assertTrue(
        Objects.requireNonNull(f.reason("digits", 7)).contains("failed to fetch"),
        f.reason("digits", 7));
    for (int i = 0; i < 20; i++) {
      f.poll();
    }
    f.store.put("digits", 7);
    f.poll();
    assertEquals(versions(7L), f.ready("digits"));
  }

  @Test
  void anEmptyOrFailingBucketUnloadsNothing() {
    f.serveDigits(2);
    f.store.setDown(true);
    f.poll();
    f.poll();
    assertEquals(versions(2L), f.ready("digits"));
    f.store.setDown(false);
    f.store.remove("digits", 2);
    f.poll();
    f.poll();
    assertEquals(versions(2L), f.ready("digits"));
    f.store.put("digits", 3);
    f.poll();
    assertEquals(versions(3L), f.ready("digits"));
  }

  @Test
  void anEmptyBucketForgetsNoFailure() {
    serveTwoWithBrokenThree();
    f.store.remove("digits", 2);
    f.store.remove("digits", 3);
    f.poll();
    assertEquals(VersionState.FAILED, f.state("digits", 3));
  }

  @Test
  void aChangedPolicyUnloadsNothingWhileTheBucketCannotBeListed() {
    f.store.put("digits", 2);
    f.desire(specific("digits", 2L));
    f.step();
    // The listing fails, the fetch does not.
    f.store.setDown(true);
    f.executor.runNext();
    f.store.setDown(false);
    f.settle();
    assertEquals(versions(2L), f.ready("digits"));
    f.store.setDown(true);
    f.desire(latest("digits", 1));
    f.settle();
    assertEquals(versions(2L), f.ready("digits"));
    assertFalse(f.reconciler.isSettled());
  }

  @Test
  void anOutageUsesUpNoAttemptsForGood() {
    f.store.put("digits", 1);
    f.desire(latest("digits", 1));
    f.step();
    f.executor.runNext();
    f.step();
    f.store.setDown(true);
    f.settle();
    for (int i = 0; i < 20; i++) {
      f.poll();
    }
    assertEquals(ReconcilerFixture.ATTEMPTS, attempts(1));
    f.store.setDown(false);
    f.poll();
    assertEquals(versions(1L), f.ready("digits"));
  }

  @Test
  void anUnloadThatThrowsStillEnds() {
    f.factory.unloadThrows = true;
    f.serveDigits(1);
    f.desire();
    f.settle();
    assertEquals(List.of(), f.reconciler.statuses());
    assertEquals(0, f.store.heldArtifacts());
  }

  @Test
  void anUnusableModelNameIsToldAndDisturbsNobody() {
    f.store.put("digits", 1);
    f.desire(specific("../etc", 1L), latest("digits", 1));
    f.settle();
    assertEquals(versions(1L), f.ready("digits"));
    assertEquals(VersionState.FAILED, f.state("../etc", 1));
  }

  @Test
  void aFailedVersionThatIsNoLongerDesiredIsForgotten() {
    serveTwoWithBrokenThree();
    f.store.remove("digits", 3);
    f.poll();
    assertNull(f.state("digits", 3));
    assertEquals(versions(2L), f.ready("digits"));
  }
}
