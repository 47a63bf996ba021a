package io.javelin.loader.lifecycle;

import org.jspecify.annotations.Nullable;

/// Unloads everything that is not desired and waits until its memory is free before it loads.
final class ResourcePreserving implements TransitionPolicy {
  @Override
  public @Nullable Action next(Snapshot model) {
    Action unload = model.nextUnload();
    if (unload != null) {
      return unload;
    }
    return model.isUnloading() || model.isLoading() ? null : model.nextLoad();
  }
}
