package io.javelin.router;

/// A hash of another kind passes too: the contract is not about SHA-256.
class MixingBucketHasherTest extends BucketHasherContract {
  @Override
  BucketHasher hasher(String salt) {
    return unit -> {
      byte[] bytes = UnitId.utf8(unit);
      if (bytes == null) {
        return BucketHasher.NO_UNIT;
      }
      long hash = mix(salt.hashCode());
      for (byte b : bytes) {
        hash = mix(hash + b);
      }
      return Sha256BucketHasher.scale(hash, BucketHasher.BUCKETS);
    };
  }

  /// The finaliser of SplitMix64 (Steele, Lea and Flood 2014).
  private static long mix(long seed) {
    long z = seed + 0x9e3779b97f4a7c15L;
    z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
    z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
    return z ^ (z >>> 31);
  }
}
