package io.javelin.router;

import java.util.List;
import java.util.Set;

/// Refuses a change that would move a user between two treatments under one salt.
///
/// A treatment never serves a bucket that another one has owned, be it still there or removed; and
/// what it serves only grows or only shrinks within what it has owned. A table that was in force
/// once is therefore never refused later: every change can be rolled back.
final class TransitionChecker {
  private final BucketOwnership before;
  private final Set<String> variants;
  private final BucketSet tombstones;
  private final SpecErrors errors;

  /// @param variants names of all variants of the new spec
  /// @param tombstones those of the new spec, which are compared with homes elsewhere
  TransitionChecker(
      BucketOwnership before, Set<String> variants, BucketSet tombstones, SpecErrors errors) {
    this.before = before;
    this.variants = variants;
    this.tombstones = tombstones;
    this.errors = errors;
  }

  void check(List<Treatment> treatments) {
    for (Treatment treatment : treatments) {
      checkClaims(treatment);
      checkRamp(treatment);
    }
  }

  private void checkClaims(Treatment treatment) {
    BucketSet served = treatment.active().minus(tombstones);
    for (BucketOwnership.Claim claim : before.claimsOfOthers(treatment.name(), served)) {
      errors.add(
          treatment.field("home"),
          "'"
              + treatment.name()
              + "' would serve "
              + claim.buckets()
              + ", which belong to "
              + describe(claim.owner())
              + " under this salt: give a home or a weight that leaves them alone, or use a new"
              + " salt");
    }
  }

  private void checkRamp(Treatment treatment) {
    BucketSet owned = before.of(treatment.name());
    BucketSet served = treatment.active();
    if (!served.containsAll(owned) && !owned.containsAll(served)) {
      errors.add(
          treatment.field("home"),
          "'"
              + treatment.name()
              + "' would serve "
              + served
              + " where it had "
              + owned
              + ": expected a home that begins at "
              + owned.ranges().getFirst().start()
              + ", or a new salt");
    }
  }

  private String describe(String owner) {
    if (owner.equals(BucketOwnership.UNNAMED)) {
      return "a tombstone";
    }
    return (variants.contains(owner) ? "variant '" : "the removed variant '") + owner + "'";
  }
}
