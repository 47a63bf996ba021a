package io.javelin.loader.lifecycle;

import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

final class ServingSetTest {
  private final LiveServing<String> live = new LiveServing<>();
  private final AtomicInteger drained = new AtomicInteger();
  private final LeasedServable<String> two = servable(2, "two");
  private final LeasedServable<String> ten = servable(10, "ten");

  private LeasedServable<String> servable(long version, String name) {
    return new LeasedServable<>(version, name, drained::incrementAndGet);
  }

  private static Lease<String> mustLease(ServingSet<String> set, String model, long version) {
    return requireNonNull(set.lease(model, version));
  }

  @Test
  void versionZeroIsTheHighestReadyOne() {
    live.add("m", ten);
    live.add("m", two);
    assertEquals(10, mustLease(live.current(), "m", 0).version());
    assertEquals("two", mustLease(live.current(), "m", 2).servable());
    assertNull(live.current().lease("m", 3));
    assertNull(live.current().lease("other", 0));
  }

  @Test
  void aSnapshotKeepsWhatItShows() {
    live.add("m", two);
    ServingSet<String> before = live.current();
    live.add("n", ten);
    live.remove("m", two);
    assertEquals(Set.of(2L), before.readyVersions("m"));
    assertEquals(List.of("m"), before.readyModels());
    assertEquals(List.of("n"), live.current().readyModels());
    assertEquals(Set.of(), live.current().readyVersions("m"));
  }

  @Test
  void anOldSnapshotFindsTheSuccessorOfADrainingVersion() {
    live.add("m", two);
    ServingSet<String> old = live.current();
    live.add("m", ten);
    live.remove("m", two);
    two.drain();
    assertEquals(10, mustLease(old, "m", 0).version());
    assertNull(old.lease("m", 2), "asked for by number, there is no other");
  }

  @Test
  void leasesAreCountedAndClosingTwiceIsHarmless() {
    Lease<String> first = requireNonNull(two.tryLease());
    Lease<String> second = requireNonNull(two.tryLease());
    two.drain();
    assertNull(two.tryLease());
    first.close();
    first.close();
    assertEquals(1, two.openLeases());
    assertFalse(two.isDrained());
    assertEquals(0, drained.get());
    second.close();
    assertTrue(two.isDrained());
    assertEquals(1, drained.get());
  }

  @Test
  void isNotDrainedBeforeDraining() {
    assertFalse(two.isDrained());
    requireNonNull(two.tryLease()).close();
    assertFalse(two.isDrained());
    two.drain();
    assertTrue(two.isDrained());
  }

  @Test
  void drainingTwiceChangesNothing() {
    two.drain();
    two.drain();
    assertTrue(two.isDrained());
    assertNull(two.tryLease());
  }
}
