package io.javelin.loader.lifecycle;

import io.javelin.loader.store.ModelStore;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;

/// Moves the actual versions towards the desired ones, one action per step.
///
/// CONTRACT SKETCH (signatures are fixed, bodies to be written). `start()` runs the step on a
/// thread named `model-reconciler`; tests call [#doWork] by hand with a hand-moved clock and a
/// hand-run executor.
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
      Duration pollInterval, Duration retryBackoff, int maxAttempts, Duration drainTimeout) {}

  public ModelReconciler(
      ModelStore store,
      ServableFactory<S> factory,
      LifecycleListener listener,
      Executor loaderPool,
      Timing timing,
      LongSupplier nanoClock) {
    throw new UnsupportedOperationException();
  }

  /// Replaces the desired state as a whole. Any thread.
  public void setDesired(List<DesiredModel> desired) {
    throw new UnsupportedOperationException();
  }

  /// Lists the bucket at the next step instead of at the next poll. Any thread.
  public void pollNow() {
    throw new UnsupportedOperationException();
  }

  /// One step: applies finished background work, then takes at most one action. Reconciler thread.
  ///
  /// @return whether anything was done
  public boolean doWork() {
    throw new UnsupportedOperationException();
  }

  public void start() {
    throw new UnsupportedOperationException();
  }

  /// The versions that can answer now. Any thread.
  public ServingSet<S> serving() {
    throw new UnsupportedOperationException();
  }

  /// Every known version with its state. Any thread.
  public List<VersionStatus> statuses() {
    throw new UnsupportedOperationException();
  }

  /// Drains and unloads everything, then stops. Waits at most the drain time-out.
  @Override
  public void close() {
    throw new UnsupportedOperationException();
  }
}
