package io.javelin.loader.lifecycle;

import static io.javelin.loader.lifecycle.ReconcilerFixture.BACKOFF;
import static io.javelin.loader.lifecycle.ReconcilerFixture.DRAIN;
import static io.javelin.loader.lifecycle.ReconcilerFixture.latest;
import static io.javelin.loader.lifecycle.ReconcilerFixture.specific;
import static io.javelin.loader.lifecycle.ReconcilerFixture.versions;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Versions that come and go.
final class ModelReconcilerTest {
  @TempDir private Path scratch;
  private ReconcilerFixture f;

  @BeforeEach
  void setUp() {
    f = new ReconcilerFixture(scratch);
  }

  @Test
  void aNewVersionWalksThroughEveryStateToReady() {
    f.serveDigits(1);
    assertEquals(
        List.of(
            "digits:1 NEW",
            "digits:1 RESERVED",
            "digits:1 FETCHING",
            "digits:1 VERIFIED",
            "digits:1 LOADING",
            "digits:1 WARMING",
            "digits:1 READY"),
        f.told);
    assertTrue(f.mustLease("digits", 0).servable().warm);
    assertEquals(1, f.store.heldArtifacts());
  }

  @Test
  void slowWorkIsNeverDoneInTheStep() {
    f.store.put("digits", 1);
    f.desire(latest("digits", 1));
    f.step();
    assertEquals(1, f.executor.size(), "the listing waits");
    assertEquals(List.of(), f.told);
    f.executor.runNext();
    f.step();
    assertEquals(VersionState.FETCHING, f.state("digits", 1));
    f.executor.runNext();
    f.step();
    assertEquals(VersionState.LOADING, f.state("digits", 1));
    f.executor.runNext();
    f.step();
    assertEquals(VersionState.WARMING, f.state("digits", 1));
    f.executor.runNext();
    assertEquals(versions(), f.ready("digits"), "only the step publishes");
    f.step();
    assertEquals(versions(1L), f.ready("digits"));
  }

  @Test
  void aStepStartsAtMostOneLoad() {
    f.store.put("abalone", 1);
    f.store.put("digits", 1);
    f.desire(latest("abalone", 1), latest("digits", 1));
    f.step();
    f.executor.runNext();
    while (f.told.stream().noneMatch(told -> told.endsWith("FETCHING"))) {
      assertTrue(f.reconciler.doWork());
    }
    assertEquals(1, f.executor.size());
    f.step();
    assertEquals(2, f.executor.size(), "models do not wait for each other");
  }

  @Test
  void theNewIsReadyBeforeTheOldDrains() {
    f.serveDigits(2);
    f.told.clear();
    f.store.put("digits", 3);
    f.poll();
    assertEquals(
        List.of(
            "digits:3 NEW",
            "digits:3 RESERVED",
            "digits:3 FETCHING",
            "digits:3 VERIFIED",
            "digits:3 LOADING",
            "digits:3 WARMING",
            "digits:3 READY",
            "digits:2 DRAINING",
            "digits:2 UNLOADING",
            "digits:2 GONE"),
        f.told);
    assertEquals(versions(3L), f.ready("digits"));
    assertEquals(1, f.store.heldArtifacts(), "the old files are removed");
  }

  @Test
  void theOldIsGoneBeforeTheNewLoadsWhenResourcesArePreserved() {
    f = new ReconcilerFixture(scratch, TransitionPolicy.resourcePreserving());
    f.serveDigits(2);
    f.store.put("digits", 3);
    f.poll();
    assertTrue(f.told.indexOf("digits:2 GONE") < f.told.indexOf("digits:3 RESERVED"));
    assertEquals(versions(3L), f.ready("digits"));
  }

  @Test
  void readyIsToldAfterAndDrainingBeforeTheLeasesChange() {
    List<String> seen = new ArrayList<>();
    f.spy =
        status -> {
          if (status.state() == VersionState.READY || status.state() == VersionState.DRAINING) {
            Lease<FakeServable> lease = f.mustLease("digits", status.version());
            seen.add(status.version() + " " + status.state());
            lease.close();
          }
        };
    f.serveDigits(1);
    f.desire();
    f.settle();
    assertEquals(List.of("1 READY", "1 DRAINING"), seen);
    assertNull(f.lease("digits", 1));
  }

  @Test
  void oneVersionOfAModelIsLoadedAtATime() {
    f.store.put("digits", 1);
    f.store.put("digits", 2);
    f.desire(latest("digits", 2));
    f.step();
    do {
      long coming =
          f.reconciler.statuses().stream().filter(status -> status.state().isComing()).count();
      assertTrue(coming <= 1, f.reconciler.statuses().toString());
      f.step();
    } while (f.executor.runNext());
    f.step();
    assertEquals(versions(1L, 2L), f.ready("digits"));
    assertTrue(f.told.indexOf("digits:2 READY") < f.told.indexOf("digits:1 RESERVED"));
  }

  @Test
  void drainingWaitsForTheLastLease() {
    f.serveDigits(1);
    Lease<FakeServable> lease = f.mustLease("digits", 1);
    Lease<FakeServable> second = f.mustLease("digits", 0);
    f.desire();
    f.settle();
    assertEquals(VersionState.DRAINING, f.state("digits", 1));
    lease.close();
    f.advance(DRAIN.minusNanos(1));
    f.settle();
    assertFalse(lease.servable().isUnloaded());
    second.close();
    f.settle();
    assertTrue(lease.servable().isUnloaded());
    assertNull(f.state("digits", 1));
  }

  @Test
  void drainingEndsWithItsTimeOut() {
    f.serveDigits(1);
    Lease<FakeServable> forgotten = f.mustLease("digits", 1);
    f.desire();
    f.settle();
    f.advance(DRAIN);
    f.settle();
    assertEquals(1, forgotten.servable().unloads.get());
    forgotten.close();
    f.settle();
    assertEquals(1, forgotten.servable().unloads.get());
    assertEquals(List.of(), f.reconciler.statuses());
  }

  @Test
  void aModelThatIsNoLongerDesiredIsUnloaded() {
    f.store.put("abalone", 4);
    f.serveDigits(1);
    f.desire(latest("abalone", 1));
    f.settle();
    assertEquals(List.of("abalone"), f.reconciler.serving().readyModels());
    assertEquals(1, f.store.heldArtifacts());
  }

  @Test
  void pinnedVersionsStayBesideTheLatest() {
    f.serveDigits(2);
    f.store.put("digits", 3);
    f.desire(new DesiredModel("digits", new VersionPolicy.Latest(1), versions(2L)));
    f.settle();
    assertEquals(versions(2L, 3L), f.ready("digits"));
    f.store.remove("digits", 2);
    f.poll();
    assertEquals(versions(2L, 3L), f.ready("digits"), "a route names it: it stays");
    f.desire(latest("digits", 1));
    f.settle();
    assertEquals(versions(3L), f.ready("digits"));
  }

  @Test
  void aVersionRemovedWhileOthersExistIsDrained() {
    f.store.put("digits", 1);
    f.store.put("digits", 2);
    f.desire(new DesiredModel("digits", new VersionPolicy.All(), versions()));
    f.settle();
    f.store.remove("digits", 1);
    f.poll();
    assertEquals(versions(2L), f.ready("digits"));
  }

  @Test
  void rollingBackTheBucketLoadsTheOlderBeforeItDrainsTheNewer() {
    f.store.put("digits", 2);
    f.serveDigits(3);
    f.told.clear();
    f.store.remove("digits", 3);
    f.poll();
    assertEquals(versions(2L), f.ready("digits"));
    assertTrue(f.told.indexOf("digits:2 READY") < f.told.indexOf("digits:3 DRAINING"));
  }

  @Test
  void aVersionDesiredAgainWhileItDrainsIsLoadedAnew() {
    f.serveDigits(1);
    Lease<FakeServable> lease = f.mustLease("digits", 1);
    f.desire();
    f.settle();
    f.desire(latest("digits", 1));
    f.settle();
    assertEquals(VersionState.DRAINING, f.state("digits", 1));
    lease.close();
    f.settle();
    assertEquals(versions(1L), f.ready("digits"));
    assertEquals(2, f.factory.loaded.size());
    assertTrue(lease.servable().isUnloaded());
  }

  @Test
  void aVersionNoLongerDesiredIsGivenUpAtTheNextBoundary() {
    f.store.put("digits", 1);
    f.desire(latest("digits", 1));
    f.step();
    f.executor.runNext();
    f.step();
    f.executor.runNext();
    f.step();
    assertEquals(VersionState.LOADING, f.state("digits", 1));
    f.desire();
    f.settle();
    assertFalse(f.told.contains("digits:1 WARMING"));
    assertEquals(List.of(), f.reconciler.statuses());
    assertEquals(1, f.factory.loaded.getFirst().unloads.get());
    assertEquals(0, f.store.heldArtifacts());
  }

  @Test
  void pollsAtTheIntervalAndOnRequest() {
    f.serveDigits(1);
    f.store.put("digits", 2);
    f.advance(ReconcilerFixture.POLL.minusNanos(1));
    f.settle();
    assertEquals(versions(1L), f.ready("digits"));
    f.advance(Duration.ofNanos(1));
    f.settle();
    assertEquals(versions(2L), f.ready("digits"));
    f.store.put("digits", 3);
    f.reconciler.pollNow();
    f.settle();
    assertEquals(versions(3L), f.ready("digits"));
  }

  @Test
  void isSettledWhenEveryDesiredVersionIsReadyOrFailed() {
    assertTrue(f.reconciler.isSettled(), "nothing is desired");
    f.store.put("digits", 1);
    f.store.put("digits", 2);
    f.factory.brokenOnLoad.add(2L);
    f.desire(latest("digits", 2));
    assertFalse(f.reconciler.isSettled());
    f.step();
    assertFalse(f.reconciler.isSettled(), "not listed yet");
    while (f.executor.runNext()) {
      assertFalse(f.reconciler.isSettled());
      f.step();
    }
    assertTrue(f.reconciler.isSettled());
    assertEquals(VersionState.FAILED, f.state("digits", 2));
    f.desire(latest("digits", 2), specific("abalone", 7L));
    assertFalse(f.reconciler.isSettled());
    f.settle();
    assertTrue(f.reconciler.isSettled());
  }

  @Test
  void refusesAModelThatIsDesiredTwice() {
    assertThrows(
        IllegalArgumentException.class, () -> f.desire(latest("digits", 1), latest("digits", 2)));
  }

  @Test
  void aListenerThatThrowsDisturbsNothing() {
    f.spy =
        status -> {
          throw new IllegalStateException("listener");
        };
    f.serveDigits(1);
    assertEquals(versions(1L), f.ready("digits"));
  }

  @Test
  void oneRequestSeesOneSnapshot() {
    f.serveDigits(1);
    assertSame(f.reconciler.serving(), f.reconciler.serving());
  }

  @Test
  void backoffIsWaitedOutFromTheFailureOn() {
    f.store.put("digits", 1);
    f.factory.brokenOnLoad.add(1L);
    f.desire(latest("digits", 1));
    f.settle();
    f.factory.brokenOnLoad.clear();
    f.advance(BACKOFF.minusNanos(1));
    f.settle();
    assertEquals(VersionState.FAILED, f.state("digits", 1));
    f.advance(Duration.ofNanos(1));
    f.settle();
    assertEquals(VersionState.READY, f.state("digits", 1));
  }
}
