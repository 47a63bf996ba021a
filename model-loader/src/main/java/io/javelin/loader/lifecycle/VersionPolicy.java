package io.javelin.loader.lifecycle;

import java.util.Collections;
import java.util.SortedSet;
import java.util.TreeSet;

/// Which of a model's versions in the bucket should be live. Names and meaning are Triton's
/// `version_policy`. Pure.
public sealed interface VersionPolicy {
  /// Chooses from the versions that the bucket has. Never empty when `available` is not, so a
  /// change of the bucket alone cannot take a model out of service.
  SortedSet<Long> select(SortedSet<Long> available);

  /// The `count` highest versions.
  record Latest(int count) implements VersionPolicy {
    public Latest {
      if (count < 1) {
        throw new IllegalArgumentException("latest must be at least 1 version, not " + count);
      }
    }

    @Override
    public SortedSet<Long> select(SortedSet<Long> available) {
      SortedSet<Long> chosen = new TreeSet<>(available);
      while (chosen.size() > count) {
        chosen.remove(chosen.first());
      }
      return Collections.unmodifiableSortedSet(chosen);
    }
  }

  /// Every version.
  record All() implements VersionPolicy {
    @Override
    public SortedSet<Long> select(SortedSet<Long> available) {
      return Collections.unmodifiableSortedSet(new TreeSet<>(available));
    }
  }

  /// Exactly these, whether the bucket has them yet or not.
  record Specific(SortedSet<Long> versions) implements VersionPolicy {
    public Specific {
      if (versions.isEmpty()) {
        throw new IllegalArgumentException("specific needs at least 1 version");
      }
      versions = Collections.unmodifiableSortedSet(new TreeSet<>(versions));
    }

    @Override
    public SortedSet<Long> select(SortedSet<Long> available) {
      return versions;
    }
  }
}
