package io.javelin.loader.lifecycle;

import io.javelin.loader.store.ModelArtifact;
import java.time.Duration;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Carries one version over one or more edges: changes its state, publishes what must be published
/// with it, tells, and starts the slow work that belongs to the new state. Decides nothing.
/// Reconciler's thread only.
///
/// @param <S> servable
final class VersionTransitions<S> {
  private static final Logger log = LoggerFactory.getLogger(VersionTransitions.class);

  private final LoaderProxy<S> loader;
  private final LiveServing<S> live;
  private final RetryPolicy retries;
  private final Duration drainTimeout;
  private final LifecycleListener listener;
  private final Runnable wake;

  VersionTransitions(
      LoaderProxy<S> loader,
      LiveServing<S> live,
      RetryPolicy retries,
      Duration drainTimeout,
      LifecycleListener listener,
      Runnable wake) {
    this.loader = loader;
    this.live = live;
    this.retries = retries;
    this.drainTimeout = drainTimeout;
    this.listener = listener;
    this.wake = wake;
  }

  /// Tells the state that the version has now.
  void tell(VersionEntry<S> entry) {
    VersionStatus status = entry.status();
    switch (status.state()) {
      case FAILED -> log.warn("{}", status.reason());
      case READY, DRAINING, GONE -> log.info("{} is {}", entry.name(), status.state());
      default -> log.debug("{} is {}", entry.name(), status.state());
    }
    try {
      listener.onState(status);
    } catch (RuntimeException e) {
      log.warn("a lifecycle listener threw on {}", status, e);
    }
  }

  private void then(Consumer<VersionEntry<S>> edge, VersionEntry<S> entry) {
    edge.accept(entry);
    tell(entry);
  }

  /// NEW to FETCHING.
  void startLoading(VersionEntry<S> entry) {
    then(VersionEntry::reserve, entry);
    then(VersionEntry::startFetch, entry);
    loader.fetch(entry);
  }

  /// FETCHING to LOADING, or to UNLOADING if the version is not wanted any more.
  void fetched(Completion.Fetched<S> done, boolean wanted) {
    VersionEntry<S> entry = done.entry();
    then(e -> e.verified(done.artifact(), done.fingerprint()), entry);
    if (wanted) {
      then(VersionEntry::startLoad, entry);
      loader.load(entry, done.artifact(), done.fingerprint());
    } else {
      unload(entry, null, done.artifact());
    }
  }

  /// LOADING to WARMING, or to UNLOADING if the version is not wanted any more.
  void loaded(Completion.Loaded<S> done, boolean wanted) {
    VersionEntry<S> entry = done.entry();
    if (wanted) {
      then(e -> e.startWarmUp(done.servable()), entry);
      loader.warmUp(entry, done.artifact(), done.servable(), entry.fingerprint());
    } else {
      unload(entry, done.servable(), done.artifact());
    }
  }

  /// WARMING to READY, or to UNLOADING if the version is not wanted any more.
  void warmed(Completion.Warmed<S> done, boolean wanted) {
    VersionEntry<S> entry = done.entry();
    if (!wanted) {
      unload(entry, done.servable(), done.artifact());
      return;
    }
    LeasedServable<S> leased = new LeasedServable<>(entry.version(), done.servable(), wake);
    entry.becomeReady(leased);
    live.add(entry.model(), leased);
    tell(entry);
  }

  /// To FAILED, with the time of the next try.
  void failed(Completion.Failed<S> done, long nowNanos) {
    VersionEntry<S> entry = done.entry();
    int attempt = entry.attempt() + 1;
    String reason =
        "%s failed to %s (%s): %s"
            .formatted(entry.name(), done.phase(), retries.describe(attempt), done.message());
    long retryAt = nowNanos + retries.delay(attempt).toNanos();
    then(e -> e.fail(reason, done.fingerprint(), retryAt), entry);
  }

  /// FAILED to NEW.
  void retry(VersionEntry<S> entry) {
    then(VersionEntry::retry, entry);
  }

  /// FAILED to NEW, with all attempts ahead.
  void retryAnew(VersionEntry<S> entry) {
    then(VersionEntry::retryAnew, entry);
  }

  /// READY to DRAINING.
  void startDrain(VersionEntry<S> entry, long nowNanos) {
    LeasedServable<S> leased = Objects.requireNonNull(entry.leased());
    then(e -> e.startDrain(nowNanos + drainTimeout.toNanos()), entry);
    live.remove(entry.model(), leased);
    leased.drain();
  }

  /// DRAINING to UNLOADING once no lease is open or patience has ended.
  ///
  /// @return whether it was time
  boolean endDrain(VersionEntry<S> entry, long nowNanos) {
    LeasedServable<S> leased = Objects.requireNonNull(entry.leased());
    if (!leased.isDrained()) {
      if (!entry.isDue(nowNanos)) {
        return false;
      }
      log.warn(
          "{} still has {} open leases after {}; unloading it anyway",
          entry.name(),
          leased.openLeases(),
          drainTimeout);
    }
    unload(entry, entry.servable(), entry.artifact());
    return true;
  }

  private void unload(
      VersionEntry<S> entry, @Nullable S servable, @Nullable ModelArtifact artifact) {
    then(VersionEntry::startUnload, entry);
    loader.unload(entry, servable, artifact);
  }

  /// To GONE.
  void gone(VersionEntry<S> entry) {
    then(VersionEntry::gone, entry);
  }
}
