package io.javelin.router;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/// A set of buckets. Immutable; for the compiler, not for the request path.
final class BucketSet {
  static final BucketSet EMPTY = new BucketSet(new BitSet());

  private final BitSet bits;

  private BucketSet(BitSet bits) {
    this.bits = bits;
  }

  static BucketSet of(List<BucketRange> ranges) {
    BitSet bits = new BitSet(BucketHasher.BUCKETS);
    for (BucketRange range : ranges) {
      bits.set(range.start(), range.end());
    }
    return new BucketSet(bits);
  }

  boolean isEmpty() {
    return bits.isEmpty();
  }

  boolean contains(int bucket) {
    return bits.get(bucket);
  }

  boolean containsAll(BucketSet other) {
    return other.minus(this).isEmpty();
  }

  BucketSet union(BucketSet other) {
    BitSet result = (BitSet) bits.clone();
    result.or(other.bits);
    return new BucketSet(result);
  }

  BucketSet minus(BucketSet other) {
    BitSet result = (BitSet) bits.clone();
    result.andNot(other.bits);
    return new BucketSet(result);
  }

  BucketSet intersection(BucketSet other) {
    BitSet result = (BitSet) bits.clone();
    result.and(other.bits);
    return new BucketSet(result);
  }

  /// The fewest ranges that make up the set, in ascending order.
  List<BucketRange> ranges() {
    List<BucketRange> ranges = new ArrayList<>();
    int start = bits.nextSetBit(0);
    while (start >= 0) {
      int end = bits.nextClearBit(start);
      ranges.add(new BucketRange(start, end));
      start = bits.nextSetBit(end);
    }
    return List.copyOf(ranges);
  }

  /// The ranges, as messages show them.
  @Override
  public String toString() {
    return ranges().toString();
  }
}
