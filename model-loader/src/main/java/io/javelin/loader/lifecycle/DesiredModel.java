package io.javelin.loader.lifecycle;

import java.util.SortedSet;

/// One model of the desired state. The list of these is the whole truth: a model that it lacks is
/// unloaded.
///
/// @param policy which versions should be live
/// @param pinned versions kept live whatever the policy says, because a route names them
public record DesiredModel(String name, VersionPolicy policy, SortedSet<Long> pinned) {}
