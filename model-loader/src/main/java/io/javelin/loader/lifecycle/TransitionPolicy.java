package io.javelin.loader.lifecycle;

import java.util.Collections;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// In which order one model gets from its actual versions to the desired ones.
///
/// Pure and stateless: the same snapshot gives the same answer, and the answer is at most one
/// action. Called on the reconciler's thread; must neither block nor throw. The reconciler does the
/// rest by itself: retries, clearing away versions that never became ready, ending drains.
public interface TransitionPolicy {
  /// One model at one moment.
  ///
  /// @param desired versions that should be live
  /// @param actual known versions; those that are `GONE` are not among them
  record Snapshot(SortedSet<Long> desired, SortedMap<Long, VersionState> actual) {
    public Snapshot {
      desired = Collections.unmodifiableSortedSet(new TreeSet<>(desired));
      actual = Collections.unmodifiableSortedMap(new TreeMap<>(actual));
    }

    /// Whether a version is on its way to READY. One load at a time per model is the rule.
    boolean isLoading() {
      return actual.values().stream().anyMatch(VersionState::isComing);
    }

    boolean isUnloading() {
      return actual.values().stream().anyMatch(VersionState::isLeaving);
    }

    boolean hasDesiredReady() {
      return desired.stream().anyMatch(version -> actual.get(version) == VersionState.READY);
    }

    /// The highest desired version that waits to be loaded: the newest brings the most.
    @Nullable Action nextLoad() {
      Action load = null;
      for (long version : desired) {
        if (actual.get(version) == VersionState.NEW) {
          load = new Action.Load(version);
        }
      }
      return load;
    }

    /// The lowest ready version that is not desired.
    @Nullable Action nextUnload() {
      for (var entry : actual.entrySet()) {
        if (entry.getValue() == VersionState.READY && !desired.contains(entry.getKey())) {
          return new Action.Unload(entry.getKey());
        }
      }
      return null;
    }
  }

  /// What to do next.
  sealed interface Action {
    long version();

    /// Start to fetch and load a version that is `NEW`.
    record Load(long version) implements Action {}

    /// Start to drain a version that is `READY`.
    record Unload(long version) implements Action {}
  }

  /// The next action, or null when there is nothing to do now.
  @Nullable Action next(Snapshot model);

  /// Loads the new before it drains the old: no switch leaves a model without a ready version, at
  /// the price of memory for both. The default.
  static TransitionPolicy availabilityPreserving() {
    return new AvailabilityPreserving();
  }

  /// Frees the old before it loads the new: for models that fit into memory only once. The model
  /// does not answer during a switch, nor after it if the new version is broken.
  static TransitionPolicy resourcePreserving() {
    return new ResourcePreserving();
  }
}
