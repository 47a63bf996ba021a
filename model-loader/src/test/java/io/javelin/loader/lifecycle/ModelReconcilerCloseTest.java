package io.javelin.loader.lifecycle;

import static io.javelin.loader.lifecycle.ReconcilerFixture.latest;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.javelin.loader.store.InMemoryModelStore;
import io.javelin.loader.store.ModelArtifact;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Start and close, by hand and with the real thread.
@Timeout(30)
final class ModelReconcilerCloseTest {
  private static final ModelReconciler.Timing TIMING =
      new ModelReconciler.Timing(
          Duration.ofHours(1), Duration.ofSeconds(1), 5, Duration.ofMinutes(10));

  @TempDir private Path scratch;

  @Test
  void closeDrainsAndUnloadsEverything() {
    ReconcilerFixture f = new ReconcilerFixture(scratch);
    f.store.put("abalone", 4);
    f.store.put("digits", 1);
    f.desire(latest("abalone", 1), latest("digits", 1));
    f.settle();
    Lease<FakeServable> lease = f.mustLease("digits", 1);
    f.reconciler.close();
    f.settle();
    assertNull(f.lease("abalone", 0));
    assertNull(f.lease("digits", 0));
    assertEquals(List.of(lease.servable()), f.factory.open());
    lease.close();
    f.settle();
    assertEverythingIsFreedOnce(f.factory, f.store);
    assertEquals(List.of(), f.reconciler.statuses());
  }

  @Test
  void closeDuringEachPhaseOfALoadFreesWhatItBrings() {
    for (int phase = 1; phase <= 5; phase++) {
      ReconcilerFixture f = new ReconcilerFixture(scratch);
      f.store.put("digits", 1);
      f.desire(latest("digits", 1));
      f.step();
      for (int done = 1; done < phase; done++) {
        f.executor.runNext();
        f.step();
      }
      f.reconciler.close();
      f.settle();
      assertEverythingIsFreedOnce(f.factory, f.store);
      assertEquals(List.of(), f.reconciler.statuses());
      assertEquals(phase == 5, f.told.contains("digits:1 READY"), "phase " + phase);
    }
  }

  @Test
  void nothingIsLoadedAfterClose() {
    ReconcilerFixture f = new ReconcilerFixture(scratch);
    f.serveDigits(1);
    f.reconciler.close();
    f.desire(latest("digits", 2));
    f.store.put("digits", 2);
    f.settle();
    f.poll();
    assertEquals(1, f.factory.loaded.size());
    assertThrows(IllegalStateException.class, f.reconciler::start);
  }

  @RepeatedTest(20)
  void theThreadServesAndCloses() throws InterruptedException {
    InMemoryModelStore store = new InMemoryModelStore(scratch);
    FakeFactory factory = new FakeFactory();
    store.put("digits", 1);
    CountDownLatch ready = new CountDownLatch(1);
    String[] toldOn = new String[1];
    try (ExecutorService pool = Executors.newFixedThreadPool(2)) {
      ModelReconciler<FakeServable> reconciler =
          new ModelReconciler<>(
              store,
              factory,
              status -> {
                if (status.state() == VersionState.READY) {
                  toldOn[0] = Thread.currentThread().getName();
                  ready.countDown();
                }
              },
              pool,
              TIMING,
              System::nanoTime);
      reconciler.start();
      assertThrows(IllegalStateException.class, reconciler::start);
      assertThrows(IllegalStateException.class, reconciler::doWork);
      reconciler.setDesired(List.of(latest("digits", 1)));
      ready.await();
      assertEquals("model-reconciler", toldOn[0]);
      Lease<FakeServable> lease = reconciler.serving().lease("digits", 0);
      assertTrue(lease != null && !lease.servable().isUnloaded());
      lease.close();
      reconciler.close();
      reconciler.close();
    }
    assertEverythingIsFreedOnce(factory, store);
  }

  @RepeatedTest(20)
  void theLastLeaseWakesTheClosingThread() throws InterruptedException {
    InMemoryModelStore store = new InMemoryModelStore(scratch);
    FakeFactory factory = new FakeFactory();
    store.put("digits", 1);
    CountDownLatch ready = new CountDownLatch(1);
    CountDownLatch draining = new CountDownLatch(1);
    ModelReconciler<FakeServable> reconciler =
        new ModelReconciler<>(
            store,
            factory,
            status -> {
              if (status.state() == VersionState.READY) {
                ready.countDown();
              } else if (status.state() == VersionState.DRAINING) {
                draining.countDown();
              }
            },
            Runnable::run,
            TIMING,
            System::nanoTime);
    reconciler.start();
    reconciler.setDesired(List.of(latest("digits", 1)));
    ready.await();
    Lease<FakeServable> lease = reconciler.serving().lease("digits", 1);
    Thread closer = Thread.ofPlatform().start(reconciler::close);
    draining.await();
    assertTrue(lease != null && !lease.servable().isUnloaded());
    lease.close();
    assertTrue(closer.join(Duration.ofSeconds(15)), "long before the drain time-out");
    assertEverythingIsFreedOnce(factory, store);
  }

  @Test
  void whatALoadBringsAfterTheEndIsFreedOnItsThread() throws Exception {
    InMemoryModelStore store = new InMemoryModelStore(scratch);
    FakeFactory factory = new FakeFactory();
    HandExecutor executor = new HandExecutor();
    LoaderProxy<FakeServable> proxy = new LoaderProxy<>(store, factory, executor, () -> {});
    store.put("digits", 1);
    VersionEntry<FakeServable> entry = new VersionEntry<>("digits", 1);
    ModelArtifact artifact = store.fetch("digits", 1);
    proxy.fetch(entry);
    proxy.load(entry, artifact, "f");
    executor.runNext();
    proxy.stop();
    assertEquals(1, store.heldArtifacts(), "what had come was freed by stop");
    executor.runNext();
    assertEquals(1, factory.loaded.size());
    assertEverythingIsFreedOnce(factory, store);
    assertNull(proxy.next());
  }

  @Test
  void aPoolThatRefusesDoesNotLeak() {
    InMemoryModelStore store = new InMemoryModelStore(scratch);
    FakeFactory factory = new FakeFactory();
    store.put("digits", 1);
    ModelReconciler<FakeServable> reconciler =
        new ModelReconciler<>(
            store,
            factory,
            status -> {},
            work -> {
              throw new RejectedExecutionException("shut down");
            },
            TIMING,
            () -> 0L);
    reconciler.setDesired(List.of(latest("digits", 1)));
    boolean worked = true;
    while (worked) {
      worked = reconciler.doWork();
    }
    assertFalse(factory.open().isEmpty());
    reconciler.close();
    assertEverythingIsFreedOnce(factory, store);
  }

  @Test
  void refusesUselessTimings() {
    Duration some = Duration.ofSeconds(1);
    assertThrows(
        IllegalArgumentException.class,
        () -> new ModelReconciler.Timing(Duration.ZERO, some, 1, some));
    assertThrows(
        IllegalArgumentException.class, () -> new ModelReconciler.Timing(some, some, 0, some));
  }

  private static void assertEverythingIsFreedOnce(FakeFactory factory, InMemoryModelStore store) {
    for (FakeServable servable : factory.loaded) {
      assertEquals(1, servable.unloads.get(), servable.toString());
    }
    assertEquals(0, store.heldArtifacts());
  }
}
