package io.javelin.loader.lifecycle;

/// Told about every state change, on the reconciler's thread. Must not block and must not throw.
///
/// Order of publication: `READY` is told after the version can be leased, `DRAINING` before it can
/// no longer be.
public interface LifecycleListener {
  void onState(VersionStatus status);
}
