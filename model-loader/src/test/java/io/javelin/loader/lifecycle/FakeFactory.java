package io.javelin.loader.lifecycle;

import io.javelin.loader.engine.EngineException;
import io.javelin.loader.store.ModelArtifact;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// Makes [FakeServable]s and keeps them all; fails on the versions it is told to fail on.
final class FakeFactory implements ServableFactory<FakeServable> {
  final List<FakeServable> loaded = new ArrayList<>();
  final Set<Long> brokenOnLoad = new HashSet<>();
  final Set<Long> brokenOnWarmUp = new HashSet<>();
  boolean unloadThrows;

  @Override
  public synchronized FakeServable load(ModelArtifact artifact) throws EngineException {
    if (brokenOnLoad.contains(artifact.version())) {
      throw new EngineException("bad graph");
    }
    FakeServable servable = new FakeServable(artifact.model(), artifact.version());
    loaded.add(servable);
    return servable;
  }

  @Override
  public synchronized void warmUp(FakeServable servable) throws EngineException {
    if (brokenOnWarmUp.contains(servable.version)) {
      throw new EngineException("out of memory");
    }
    servable.warm = true;
  }

  @Override
  public synchronized void unload(FakeServable servable) {
    servable.unloads.incrementAndGet();
    if (unloadThrows) {
      throw new IllegalStateException("will not close");
    }
  }

  synchronized List<FakeServable> open() {
    return loaded.stream().filter(servable -> !servable.isUnloaded()).toList();
  }
}
