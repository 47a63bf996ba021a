package io.javelin.loader.lifecycle;

import io.javelin.loader.store.InMemoryModelStore;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/// A reconciler whose time, work, bucket and servables are moved by hand. Starts close before the
/// wrap of the clock.
final class ReconcilerFixture {
  static final Duration POLL = Duration.ofSeconds(10);
  static final Duration BACKOFF = Duration.ofSeconds(2);
  static final Duration DRAIN = Duration.ofSeconds(30);
  static final int ATTEMPTS = 5;

  final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - Duration.ofSeconds(15).toNanos());
  final HandExecutor executor = new HandExecutor();
  final InMemoryModelStore store;
  final FakeFactory factory = new FakeFactory();
  final List<String> told = new ArrayList<>();
  final ModelReconciler<FakeServable> reconciler;

  /// Called with every status, before it is noted.
  LifecycleListener spy = status -> {};

  ReconcilerFixture(Path scratch) {
    this(scratch, TransitionPolicy.availabilityPreserving());
  }

  ReconcilerFixture(Path scratch, TransitionPolicy policy) {
    store = new InMemoryModelStore(scratch);
    reconciler =
        new ModelReconciler<>(
            store,
            factory,
            this::note,
            executor,
            new ModelReconciler.Timing(POLL, BACKOFF, ATTEMPTS, DRAIN),
            nanos::get,
            policy);
  }

  private void note(VersionStatus status) {
    spy.onState(status);
    told.add(status.model() + ":" + status.version() + " " + status.state());
  }

  void advance(Duration time) {
    nanos.addAndGet(time.toNanos());
  }

  /// Steps until a step does nothing; background work stays where it is.
  void step() {
    for (int steps = 0; reconciler.doWork(); steps++) {
      if (steps > 10_000) {
        throw new AssertionError("never idle: " + reconciler.statuses());
      }
    }
  }

  /// Steps and runs background work until both are idle.
  void settle() {
    step();
    while (executor.runNext()) {
      step();
    }
  }

  /// Waits for the next poll and settles.
  void poll() {
    advance(POLL);
    settle();
  }

  void desire(DesiredModel... models) {
    reconciler.setDesired(List.of(models));
  }

  static DesiredModel latest(String model, int count) {
    return new DesiredModel(model, new VersionPolicy.Latest(count), versions());
  }

  static DesiredModel specific(String model, Long... versions) {
    return new DesiredModel(model, new VersionPolicy.Specific(versions(versions)), versions());
  }

  static SortedSet<Long> versions(Long... versions) {
    return new TreeSet<>(Arrays.asList(versions));
  }

  /// Publishes `versions` of `digits`, desires the latest one and waits until it is ready.
  void serveDigits(long version) {
    store.put("digits", version);
    desire(latest("digits", 1));
    settle();
  }

  SortedSet<Long> ready(String model) {
    return reconciler.serving().readyVersions(model);
  }

  @Nullable Lease<FakeServable> lease(String model, long version) {
    return reconciler.serving().lease(model, version);
  }

  Lease<FakeServable> mustLease(String model, long version) {
    Lease<FakeServable> lease = lease(model, version);
    if (lease == null) {
      throw new AssertionError("no lease of " + model + ":" + version);
    }
    return lease;
  }

  /// Null when the version is not known.
  @Nullable VersionStatus status(String model, long version) {
    for (VersionStatus status : reconciler.statuses()) {
      if (status.model().equals(model) && status.version() == version) {
        return status;
      }
    }
    return null;
  }

  @Nullable VersionState state(String model, long version) {
    VersionStatus status = status(model, version);
    return status == null ? null : status.state();
  }

  @Nullable String reason(String model, long version) {
    VersionStatus status = status(model, version);
    return status == null ? null : status.reason();
  }
}
