package io.javelin.router;

import org.jspecify.annotations.Nullable;

/// Maps a unit (a user id, or the key of a request) to one of 10,000 buckets under one salt.
///
/// The seam for the hash. An implementation is bound to its salt, gives the same bucket for the
/// same unit forever and on every machine, spreads units evenly, and is independent of every other
/// salt. It is called on request threads, by many at once: it neither blocks nor throws, and keeps
/// nothing of the unit.
public interface BucketHasher {
  /// How many buckets there are: one bucket is one basis point of the users.
  int BUCKETS = 10_000;

  /// What [#bucket] gives for a unit that is missing or invalid.
  int NO_UNIT = -1;

  /// The longest unit, in bytes of UTF-8.
  int MAX_UNIT_BYTES = 4096;

  /// The bucket of `unit`, 0 to 9,999, or [#NO_UNIT] when it is null, empty, longer than
  /// [#MAX_UNIT_BYTES], or holds half of a surrogate pair. Units are compared as they are: nothing
  /// is trimmed, folded or normalised.
  int bucket(@Nullable String unit);

  /// The hash of ASSIGN-1 (see the package page).
  ///
  /// @throws IllegalArgumentException if `salt` is not 1 to 128 of the characters `A-Z a-z 0-9 . _
  ///   / -`, beginning with a letter or digit
  static BucketHasher sha256(String salt) {
    return new Sha256BucketHasher(salt);
  }
}
