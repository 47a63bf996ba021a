package io.javelin.router;

import java.util.List;

/// One arm of an experiment: a version under test and the buckets whose users get it.
///
/// @param name unique in its experiment
/// @param version model version that serves it, or [#LATEST] for the highest ready version
/// @param ranges buckets assigned to it; the default variant has what is left and lists none
public record Variant(String name, long version, List<BucketRange> ranges) {
  /// "The highest ready version at the time of the request."
  public static final long LATEST = 0;

  public Variant {
    if (name.isBlank()) {
      throw new IllegalArgumentException("variant name '" + name + "': expected a non-blank name");
    }
    if (version < LATEST) {
      throw new IllegalArgumentException(
          "version " + version + " of variant '" + name + "': expected 1 or more, or 0 for latest");
    }
    ranges = List.copyOf(ranges);
  }
}
