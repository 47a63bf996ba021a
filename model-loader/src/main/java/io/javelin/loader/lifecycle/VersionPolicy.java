package io.javelin.loader.lifecycle;

import java.util.SortedSet;

/// Which of a model's versions in the bucket should be live. Names and meaning are Triton's
/// `version_policy`.
public sealed interface VersionPolicy {
  /// The `count` highest versions.
  record Latest(int count) implements VersionPolicy {}

  /// Every version.
  record All() implements VersionPolicy {}

  /// Exactly these, whether the bucket has them yet or not.
  record Specific(SortedSet<Long> versions) implements VersionPolicy {}
}
