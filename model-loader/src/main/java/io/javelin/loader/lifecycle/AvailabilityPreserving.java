package io.javelin.loader.lifecycle;

import org.jspecify.annotations.Nullable;

/// Unloads a ready version only when a desired one is ready, or when none is desired at all.
final class AvailabilityPreserving implements TransitionPolicy {
  @Override
  public @Nullable Action next(Snapshot model) {
    boolean mayUnload = model.desired().isEmpty() || model.hasDesiredReady();
    Action unload = mayUnload ? model.nextUnload() : null;
    if (unload != null) {
      return unload;
    }
    return model.isLoading() ? null : model.nextLoad();
  }
}
