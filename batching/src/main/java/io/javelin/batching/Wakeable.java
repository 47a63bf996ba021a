package io.javelin.batching;

/// A step that may have to be told that there is work. Known by its identity.
interface Wakeable {
  /// Called on any thread, never while the queue is locked; does not block and does not throw.
  void wake();
}
