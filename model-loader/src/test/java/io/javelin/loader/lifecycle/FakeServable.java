package io.javelin.loader.lifecycle;

import java.util.concurrent.atomic.AtomicInteger;

/// Counts what is done to it.
final class FakeServable {
  final String model;
  final long version;
  final AtomicInteger unloads = new AtomicInteger();
  volatile boolean warm;

  FakeServable(String model, long version) {
    this.model = model;
    this.version = version;
  }

  boolean isUnloaded() {
    return unloads.get() > 0;
  }

  @Override
  public String toString() {
    return model + ":" + version;
  }
}
