package io.javelin.router;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Which treatment ever owned which buckets of one experiment under one salt, as far as this
/// process has seen. Immutable.
///
/// A treatment that is gone keeps its buckets: they are its tombstone. What is known here only
/// refuses changes and tells why a user got the default variant; which variant serves never depends
/// on it, so that a replica that has just started agrees with one that has seen it all.
final class BucketOwnership {
  static final BucketOwnership NONE = new BucketOwnership(Map.of());

  /// Owner of the tombstones of a spec, which do not say whose they are. No variant's name.
  static final String UNNAMED = "";

  /// By owner; the sets are disjoint.
  private final Map<String, BucketSet> owned;

  private BucketOwnership(Map<String, BucketSet> owned) {
    this.owned = owned;
  }

  /// Buckets that another one than the asking treatment has owned.
  record Claim(String owner, BucketSet buckets) {}

  /// What others than `treatment` have owned of `buckets`.
  List<Claim> claimsOfOthers(String treatment, BucketSet buckets) {
    List<Claim> claims = new ArrayList<>();
    owned.forEach((owner, set) -> {
      BucketSet common = set.intersection(buckets);
      if (!owner.equals(treatment) && !common.isEmpty()) {
        claims.add(new Claim(owner, common));
      }
    });
    return claims;
  }

  /// All that `owner` ever owned.
  BucketSet of(String owner) {
    return owned.getOrDefault(owner, BucketSet.EMPTY);
  }

  /// The ownership after `treatments` went into force next to `tombstones`, both checked before.
  BucketOwnership after(List<Treatment> treatments, BucketSet tombstones) {
    Map<String, BucketSet> after = new LinkedHashMap<>(owned);
    for (Treatment treatment : treatments) {
      after.merge(treatment.name(), treatment.active(), BucketSet::union);
    }
    BucketSet unnamed = of(UNNAMED).union(tombstones);
    // Buckets whose owner is known stay with the name, so that a roll-back may bring it back.
    for (Map.Entry<String, BucketSet> entry : after.entrySet()) {
      if (!entry.getKey().equals(UNNAMED)) {
        unnamed = unnamed.minus(entry.getValue());
      }
    }
    after.put(UNNAMED, unnamed);
    return new BucketOwnership(after);
  }

  /// Buckets whose owner is not among `variants` any more.
  BucketSet removed(Set<String> variants) {
    BucketSet removed = BucketSet.EMPTY;
    for (Map.Entry<String, BucketSet> entry : owned.entrySet()) {
      if (!variants.contains(entry.getKey())) {
        removed = removed.union(entry.getValue());
      }
    }
    return removed;
  }
}
