package io.javelin.loader.lifecycle;

import io.javelin.loader.store.ModelStore;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Moves the actual versions towards the desired ones, one action per step.
///
/// `start()` runs the step on a thread named `model-reconciler`; tests call [#doWork] by hand with
/// a hand-moved clock and a hand-run executor.
///
/// What it keeps to:
/// 1. one version of a model is loaded at a time; models do not wait for each other;
/// 2. a failure is told, waited out and retried; what serves is not touched by it;
/// 3. an empty or failing listing unloads nothing; a version that vanished while others exist is
///    drained, unless it is pinned or named by a `Specific` policy;
/// 4. every servable that was loaded is unloaded exactly once, and as long as the drain time-out
///    has not passed only after its last lease was closed.
///
/// @param <S> servable
public final class ModelReconciler<S> implements AutoCloseable {
  /// Timings.
  ///
  /// @param pollInterval how often the bucket is listed
  /// @param retryBackoff wait before the first retry of a failed version; doubles up to 64 times it
  /// @param maxAttempts failed attempts after which a version stays FAILED until its files change
  /// @param drainTimeout how long leases are waited for before a version is unloaded anyway
  public record Timing(
      Duration pollInterval, Duration retryBackoff, int maxAttempts, Duration drainTimeout) {
    public Timing {
      requirePositive("pollInterval", pollInterval);
      requirePositive("retryBackoff", retryBackoff);
      requirePositive("drainTimeout", drainTimeout);
      if (maxAttempts < 1) {
        throw new IllegalArgumentException("maxAttempts must be at least 1, not " + maxAttempts);
      }
    }

    private static void requirePositive(String name, Duration value) {
      if (!value.isPositive()) {
        throw new IllegalArgumentException(name + " must be longer than 0, not " + value);
      }
    }
  }

  /// What other threads see of the last step.
  ///
  /// @param desired the desired state it was taken under
  private record View(List<VersionStatus> statuses, List<DesiredModel> desired, boolean settled) {}

  private static final Logger log = LoggerFactory.getLogger(ModelReconciler.class);
  private static final List<DesiredModel> NOTHING = List.of();
  private static final Duration FAULT_PAUSE = Duration.ofSeconds(1);

  /// What the thread may take beyond its own deadline to come to its end.
  private static final Duration JOIN_GRACE = Duration.ofSeconds(1);

  private final LongSupplier nanoClock;
  private final Timing timing;
  private final LoaderProxy<S> loader;
  private final LiveServing<S> live = new LiveServing<>();
  private final ReconcileLoop<S> loop;

  private volatile List<DesiredModel> requested = NOTHING;
  private volatile boolean pollRequested;
  private volatile boolean closing;
  private volatile boolean awake;
  private volatile View view = new View(List.of(), NOTHING, true);
  private volatile @Nullable Thread thread;

  /// Like the constructor below, [availability
  /// preserving][TransitionPolicy#availabilityPreserving].
  public ModelReconciler(
      ModelStore store,
      ServableFactory<S> factory,
      LifecycleListener listener,
      Executor loaderPool,
      Timing timing,
      LongSupplier nanoClock) {
    this(
        store,
        factory,
        listener,
        loaderPool,
        timing,
        nanoClock,
        TransitionPolicy.availabilityPreserving());
  }

  /// Everything handed in stays the caller's: it is closed after this object, not by it.
  ///
  /// @param nanoClock monotonic nanoseconds
  public ModelReconciler(
      ModelStore store,
      ServableFactory<S> factory,
      LifecycleListener listener,
      Executor loaderPool,
      Timing timing,
      LongSupplier nanoClock,
      TransitionPolicy policy) {
    this.nanoClock = nanoClock;
    this.timing = timing;
    RetryPolicy retries = new RetryPolicy(timing.retryBackoff(), timing.maxAttempts());
    loader = new LoaderProxy<>(store, factory, loaderPool, this::wake);
    var transitions =
        new VersionTransitions<>(
            loader, live, retries, timing.drainTimeout(), listener, this::wake);
    loop = new ReconcileLoop<>(policy, loader, transitions, retries, timing.pollInterval());
  }

  /// Replaces the desired state as a whole and lists the bucket at the next step. Any thread.
  ///
  /// @throws IllegalArgumentException when a model is named twice
  public void setDesired(List<DesiredModel> desired) {
    Set<String> names = new HashSet<>();
    for (DesiredModel model : desired) {
      if (!names.add(model.name())) {
        throw new IllegalArgumentException("model '" + model.name() + "' is desired twice");
      }
    }
    requested = List.copyOf(desired);
    pollNow();
  }

  /// Lists the bucket at the next step instead of at the next poll. Any thread.
  public void pollNow() {
    pollRequested = true;
    wake();
  }

  /// One step: applies finished background work, then takes at most one action. Reconciler thread.
  ///
  /// @return whether anything was done
  public boolean doWork() {
    Thread owner = thread;
    if (owner != null && !owner.equals(Thread.currentThread())) {
      throw new IllegalStateException("only " + owner.getName() + " may call the step");
    }
    List<DesiredModel> desired = closing ? NOTHING : requested;
    boolean worked = !desired.equals(view.desired());
    if (worked) {
      loop.adopt(desired);
    }
    if (pollRequested) {
      pollRequested = false;
      loop.requestPoll();
    }
    worked |= loop.doWork(nanoClock.getAsLong());
    if (worked) {
      view = new View(loop.statuses(), desired, loop.isSettled());
    }
    return worked;
  }

  /// Starts the thread. Once.
  public synchronized void start() {
    if (thread != null || closing) {
      throw new IllegalStateException("a reconciler starts once");
    }
    Thread started = Thread.ofPlatform().name("model-reconciler").daemon().unstarted(this::run);
    thread = started;
    started.start();
  }

  private void run() {
    while (!closing) {
      if (!stepSafely()) {
        rest(Long.MAX_VALUE);
      }
    }
    runDown();
    loader.stop();
  }

  private void runDown() {
    long giveUpNanos = nanoClock.getAsLong() + 2 * timing.drainTimeout().toNanos();
    while (true) {
      boolean worked = stepSafely();
      if (!worked && statuses().isEmpty()) {
        return;
      }
      long leftNanos = giveUpNanos - nanoClock.getAsLong();
      if (leftNanos <= 0) {
        log.warn("closing without waiting longer for {}", statuses());
        return;
      }
      if (!worked) {
        rest(leftNanos);
      }
    }
  }

  /// Parks until something is due or somebody wakes the thread. The flag stands beside the permit
  /// of `LockSupport` because a step may lose that one: every contended lock, the logger's
  /// included, parks too and takes it.
  private void rest(long atMostNanos) {
    long untilDue = loop.nanosUntilDue(nanoClock.getAsLong());
    if (!awake) {
      LockSupport.parkNanos(this, Math.min(atMostNanos, untilDue));
    }
    awake = false;
  }

  /// A fault in one step must not end the thread: what serves would never be unloaded. Nor may it
  /// make the thread spin.
  private boolean stepSafely() {
    try {
      return doWork();
    } catch (RuntimeException e) {
      log.error("a step failed, the next one comes after a pause", e);
      LockSupport.parkNanos(this, FAULT_PAUSE.toNanos());
      return false;
    }
  }

  private void wake() {
    awake = true;
    Thread owner = thread;
    if (owner != null) {
      LockSupport.unpark(owner);
    }
  }

  /// The versions that can answer now. Any thread.
  public ServingSet<S> serving() {
    return live.current();
  }

  /// Every known version with its state. Any thread.
  public List<VersionStatus> statuses() {
    return view.statuses();
  }

  /// Whether every version that the latest [#setDesired] asks for is READY or FAILED. False as long
  /// as a policy's choice is unknown because the bucket could never be listed. Any thread.
  public boolean isSettled() {
    View seen = view;
    return seen.settled() && seen.desired().equals(requested);
  }

  /// Drains and unloads everything, then stops. Takes at most twice the drain time-out: one for
  /// open leases, one for loads that cannot be interrupted and for unloads. What such a load brings
  /// later is freed on its own thread. The loader pool must still run.
  ///
  /// Without a thread, steps until nothing is left to do at once; whoever calls [#doWork] by hand
  /// goes on with it.
  @Override
  public void close() {
    Thread owner;
    synchronized (this) {
      closing = true;
      owner = thread;
    }
    if (owner == null) {
      while (doWork()) {}
      return;
    }
    wake();
    try {
      if (!owner.join(timing.drainTimeout().multipliedBy(2).plus(JOIN_GRACE))) {
        log.warn("{} does not end", owner.getName());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
