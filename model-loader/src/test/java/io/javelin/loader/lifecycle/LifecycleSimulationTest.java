package io.javelin.loader.lifecycle;

import static io.javelin.loader.lifecycle.ReconcilerFixture.versions;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A thousand random things happen to a reconciler; after each one the rules must hold. The seed is
/// in the test's name.
final class LifecycleSimulationTest {
  private static final int STEPS = 1_000;
  private static final List<String> MODELS = List.of("abalone", "digits");
  private static final long MAX_VERSION = 6;

  @TempDir private Path scratch;

  private final List<Lease<FakeServable>> leases = new ArrayList<>();
  private final Set<String> desired = new HashSet<>();
  private final Map<String, Integer> readyBefore = new HashMap<>();
  private int switches;
  private int failures;
  private int advances;

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void theRulesHoldWhateverHappens(long seed) {
    Random random = new Random(seed);
    ReconcilerFixture f = new ReconcilerFixture(scratch);
    desire(f, random);
    f.spy = status -> check(f, status);
    for (int i = 0; i < STEPS; i++) {
      disturb(f, random);
      for (int steps = random.nextInt(6); steps > 0; steps--) {
        f.reconciler.doWork();
        checkRules(f);
      }
    }
    assertTrue(
        switches >= 5 && failures >= 5,
        "too little happened: " + switches + " drains, " + failures + " failures");
    f.reconciler.close();
    leases.forEach(Lease::close);
    f.settle();
    assertEquals(List.of(), f.reconciler.statuses());
    for (FakeServable servable : f.factory.loaded) {
      assertEquals(1, servable.unloads.get(), servable.toString());
    }
    assertEquals(0, f.store.heldArtifacts());
  }

  private void disturb(ReconcilerFixture f, Random random) {
    String model = MODELS.get(random.nextInt(MODELS.size()));
    long version = 1 + random.nextLong(MAX_VERSION);
    switch (random.nextInt(24)) {
      case 0, 13 -> f.store.put(model, version);
      case 1, 14 -> f.store.remove(model, version);
      case 2 -> f.store.put(model, Long.toString(version), "model.onnx", "v" + random.nextInt());
      case 3 ->
          breakOrRepair(
              random.nextBoolean() ? f.factory.brokenOnLoad : f.factory.brokenOnWarmUp,
              version,
              random);
      case 4 -> f.reconciler.pollNow();
      case 5 -> f.store.setDown(random.nextInt(4) == 0);
      case 6 -> {
        if (random.nextInt(4) == 0) {
          desire(f, random);
        }
      }
      case 7, 8 -> lease(f, model, random.nextBoolean() ? 0 : version);
      case 9, 10 -> closeOneLease(random);
      case 11, 12 -> advance(f, random);
      default -> f.executor.runAny(random);
    }
  }

  /// Breaks the version now and then, repairs it more often.
  private static void breakOrRepair(Set<Long> broken, long version, Random random) {
    if (random.nextInt(3) == 0) {
      broken.add(version);
    } else {
      broken.remove(version);
    }
  }

  /// Lets time pass, but never so much that a drain times out: a lease then loses its servable.
  private void advance(ReconcilerFixture f, Random random) {
    f.advance(Duration.ofMillis(1 + random.nextInt(2_000)));
    advances++;
    if (advances % 10 == 0) {
      leases.forEach(Lease::close);
      leases.clear();
    }
  }

  private void desire(ReconcilerFixture f, Random random) {
    List<DesiredModel> wanted = new ArrayList<>();
    for (String model : MODELS) {
      long pin = 1 + random.nextLong(MAX_VERSION);
      VersionPolicy policy =
          switch (random.nextInt(4)) {
            case 0 -> new VersionPolicy.All();
            case 1 -> new VersionPolicy.Specific(versions(pin));
            default -> new VersionPolicy.Latest(1 + random.nextInt(2));
          };
      if (random.nextInt(5) > 0) {
        wanted.add(
            new DesiredModel(model, policy, random.nextInt(3) == 0 ? versions(pin) : versions()));
      }
    }
    Set<String> names = new HashSet<>();
    wanted.forEach(model -> names.add(model.name()));
    desired.clear();
    desired.addAll(names);
    f.reconciler.setDesired(wanted);
  }

  private void lease(ReconcilerFixture f, String model, long version) {
    Lease<FakeServable> lease = f.lease(model, version);
    boolean isReady = version == 0 ? !f.ready(model).isEmpty() : f.ready(model).contains(version);
    assertEquals(isReady, lease != null);
    if (lease != null) {
      leases.add(lease);
    }
  }

  private void closeOneLease(Random random) {
    if (!leases.isEmpty()) {
      leases.remove(random.nextInt(leases.size())).close();
    }
  }

  private void check(ReconcilerFixture f, VersionStatus status) {
    if (status.state() == VersionState.DRAINING) {
      switches++;
    } else if (status.state() == VersionState.FAILED) {
      failures++;
      assertFalse(f.ready(status.model()).contains(status.version()), status.toString());
    }
  }

  private void checkRules(ReconcilerFixture f) {
    for (Lease<FakeServable> lease : leases) {
      assertFalse(lease.servable().isUnloaded(), "unloaded under a lease: " + lease.servable());
    }
    Map<String, Integer> coming = new HashMap<>();
    for (VersionStatus status : f.reconciler.statuses()) {
      if (status.state().isComing()) {
        coming.merge(status.model(), 1, Integer::sum);
      }
      boolean isLeasable = f.ready(status.model()).contains(status.version());
      assertEquals(status.state() == VersionState.READY, isLeasable, status.toString());
    }
    coming.forEach((model, count) -> assertEquals(1, count, "loads at once of " + model));
    for (String model : MODELS) {
      int ready = f.ready(model).size();
      if (desired.contains(model) && readyBefore.getOrDefault(model, 0) > 0) {
        assertTrue(ready > 0, "a switch left '" + model + "' without a ready version");
      }
      readyBefore.put(model, ready);
      for (long version : f.ready(model)) {
        try (Lease<FakeServable> lease = f.mustLease(model, version)) {
          assertTrue(lease.servable().warm && !lease.servable().isUnloaded());
        }
      }
    }
  }
}
