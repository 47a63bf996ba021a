package io.javelin.router;

import java.util.Arrays;
import java.util.List;

/// Who serves each of the 10,000 buckets of an experiment: one array read per request.
final class TrafficSplit {
  /// The bucket belongs to no treatment.
  static final int NOBODY = -1;

  /// The bucket belonged to a treatment that was removed.
  static final int REMOVED = -2;

  private final short[] ownerByBucket = new short[BucketHasher.BUCKETS];

  /// @param removed tombstones; they give way to no variant, because the ranges never touch them
  TrafficSplit(List<Variant> variants, BucketSet removed) {
    Arrays.fill(ownerByBucket, (short) NOBODY);
    for (BucketRange range : removed.ranges()) {
      Arrays.fill(ownerByBucket, range.start(), range.end(), (short) REMOVED);
    }
    for (int i = 0; i < variants.size(); i++) {
      for (BucketRange range : variants.get(i).ranges()) {
        Arrays.fill(ownerByBucket, range.start(), range.end(), (short) i);
      }
    }
  }

  /// Index of the variant that serves `bucket`, or [#NOBODY], or [#REMOVED].
  int ownerOf(int bucket) {
    return ownerByBucket[bucket];
  }
}
