package io.javelin.router;

/// Buckets `start` (inclusive) to `end` (exclusive) of [BucketHasher#BUCKETS]. Never empty.
public record BucketRange(int start, int end) {
  /// Every bucket.
  public static final BucketRange ALL = new BucketRange(0, BucketHasher.BUCKETS);

  public BucketRange {
    if (start < 0 || end > BucketHasher.BUCKETS || start >= end) {
      throw new IllegalArgumentException(
          "bucket range [" + start + "," + end + "): expected 0 <= start < end <= 10000");
    }
  }

  /// How many buckets it holds.
  public int size() {
    return end - start;
  }

  public boolean contains(int bucket) {
    return start <= bucket && bucket < end;
  }

  public boolean overlaps(BucketRange other) {
    return start < other.end && other.start < end;
  }

  /// `[start,end)`, as messages show it.
  @Override
  public String toString() {
    return "[" + start + "," + end + ")";
  }
}
