package io.javelin.loader.lifecycle;

import io.javelin.loader.store.ModelArtifact;
import org.jspecify.annotations.Nullable;

/// One version with its state and what it holds. Every change of state is a method of its own and
/// throws `IllegalStateException` if the edge is not legal. Reconciler's thread only.
///
/// @param <S> servable
final class VersionEntry<S> {
  private final String model;
  private final long version;

  private VersionState state = VersionState.NEW;
  private int attempt;
  private @Nullable String reason;
  private @Nullable String fingerprint;

  /// Retry time when FAILED, end of patience when DRAINING.
  private long dueNanos;

  private @Nullable ModelArtifact artifact;
  private @Nullable S servable;
  private @Nullable LeasedServable<S> leased;

  VersionEntry(String model, long version) {
    this.model = model;
    this.version = version;
  }

  void reserve() {
    become(VersionState.RESERVED);
  }

  void startFetch() {
    become(VersionState.FETCHING);
  }

  /// Takes the fetched files.
  ///
  /// @param newFingerprint of the files as they were before fetching; null if unknown
  void verified(ModelArtifact fetched, @Nullable String newFingerprint) {
    become(VersionState.VERIFIED);
    artifact = fetched;
    fingerprint = newFingerprint;
  }

  void startLoad() {
    become(VersionState.LOADING);
  }

  /// Takes the loaded servable.
  void startWarmUp(S loaded) {
    become(VersionState.WARMING);
    servable = loaded;
  }

  void becomeReady(LeasedServable<S> newLeased) {
    become(VersionState.READY);
    leased = newLeased;
    reason = null;
  }

  void startDrain(long untilNanos) {
    become(VersionState.DRAINING);
    dueNanos = untilNanos;
  }

  /// From DRAINING, or from a state before READY when the version is no longer desired.
  void startUnload() {
    become(VersionState.UNLOADING);
  }

  void gone() {
    become(VersionState.GONE);
    letGo();
  }

  /// The failed work has freed whatever the version held.
  void fail(String newReason, @Nullable String newFingerprint, long retryAtNanos) {
    become(VersionState.FAILED);
    attempt++;
    reason = newReason;
    fingerprint = newFingerprint;
    dueNanos = retryAtNanos;
    letGo();
  }

  void retry() {
    become(VersionState.NEW);
    reason = null;
  }

  /// Forgets the failed attempts: these are other files.
  void retryAnew() {
    retry();
    attempt = 0;
  }

  private void become(VersionState next) {
    if (!state.mayBecome(next)) {
      throw new IllegalStateException(name() + " cannot go from " + state + " to " + next);
    }
    state = next;
  }

  private void letGo() {
    artifact = null;
    servable = null;
    leased = null;
  }

  /// For people, for example `version 3 of 'digits'`.
  String name() {
    return "version " + version + " of '" + model + "'";
  }

  String model() {
    return model;
  }

  long version() {
    return version;
  }

  VersionState state() {
    return state;
  }

  int attempt() {
    return attempt;
  }

  @Nullable String fingerprint() {
    return fingerprint;
  }

  @Nullable ModelArtifact artifact() {
    return artifact;
  }

  @Nullable S servable() {
    return servable;
  }

  @Nullable LeasedServable<S> leased() {
    return leased;
  }

  long dueNanos() {
    return dueNanos;
  }

  /// Whether the due time has come. Compared by difference, because `nanoTime` may wrap.
  boolean isDue(long nowNanos) {
    return nowNanos - dueNanos >= 0;
  }

  VersionStatus status() {
    return new VersionStatus(model, version, state, reason, attempt);
  }
}
