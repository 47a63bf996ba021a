package io.javelin.loader.lifecycle;

import java.util.Collections;
import java.util.SortedSet;
import java.util.TreeSet;

/// One model of the desired state. The list of these is the whole truth: a model that it lacks is
/// unloaded.
///
/// @param policy which versions should be live
/// @param pinned versions kept live whatever the policy says, because a route names them
public record DesiredModel(String name, VersionPolicy policy, SortedSet<Long> pinned) {
  public DesiredModel {
    pinned = Collections.unmodifiableSortedSet(new TreeSet<>(pinned));
  }

  /// The versions that should be live: what the policy chooses from `available`, and the pinned.
  public SortedSet<Long> select(SortedSet<Long> available) {
    SortedSet<Long> chosen = new TreeSet<>(policy.select(available));
    chosen.addAll(pinned);
    return Collections.unmodifiableSortedSet(chosen);
  }
}
