package io.javelin.loader.lifecycle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Real threads lease while versions come and go as fast as they can.
final class LeaseStressTest {
  private static final int SWITCHES = 5_000;
  private static final int READERS = 3;

  private final LiveServing<FakeServable> live = new LiveServing<>();
  private final AtomicInteger faults = new AtomicInteger();
  private final AtomicLong leases = new AtomicLong();
  private final AtomicLong misses = new AtomicLong();
  private final AtomicBoolean done = new AtomicBoolean();
  private final CountDownLatch ready = new CountDownLatch(READERS);

  @Test
  @Timeout(60)
  void nothingIsUnloadedUnderALeaseAndNoSwitchLeavesAGap() throws InterruptedException {
    LeasedServable<FakeServable> current = publish(1);
    List<Thread> readers = new ArrayList<>();
    for (int i = 0; i < READERS; i++) {
      readers.add(Thread.ofPlatform().start(this::read));
    }
    ready.await();
    for (long version = 2; version <= SWITCHES; version++) {
      LeasedServable<FakeServable> next = publish(version);
      live.remove("m", current);
      current.drain();
      awaitDrained(current);
      unload(current);
      current = next;
    }
    done.set(true);
    for (Thread reader : readers) {
      reader.join();
    }
    assertEquals(0, faults.get(), "servables used after they were unloaded");
    assertEquals(0, misses.get(), "requests that found no version");
    assertTrue(leases.get() > READERS, "the readers did lease");
  }

  private final List<FakeServable> servables = new ArrayList<>();

  private LeasedServable<FakeServable> publish(long version) {
    FakeServable servable = new FakeServable("m", version);
    servables.add(servable);
    Thread writer = Thread.currentThread();
    LeasedServable<FakeServable> leased =
        new LeasedServable<>(version, servable, () -> LockSupport.unpark(writer));
    live.add("m", leased);
    return leased;
  }

  private static void awaitDrained(LeasedServable<FakeServable> leased) {
    while (!leased.isDrained()) {
      LockSupport.park(leased);
    }
  }

  private void unload(LeasedServable<FakeServable> leased) {
    servables.removeFirst().unloads.incrementAndGet();
    if (leased.tryLease() != null) {
      faults.incrementAndGet();
    }
  }

  private void read() {
    ready.countDown();
    while (!done.get()) {
      ServingSet<FakeServable> snapshot = live.current();
      Lease<FakeServable> lease = snapshot.lease("m", 0);
      if (lease == null) {
        misses.incrementAndGet();
        continue;
      }
      for (int looks = 0; looks < 20; looks++) {
        if (lease.servable().isUnloaded()) {
          faults.incrementAndGet();
        }
      }
      leases.incrementAndGet();
      lease.close();
    }
  }
}
