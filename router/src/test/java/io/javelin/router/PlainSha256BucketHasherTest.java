package io.javelin.router;

class PlainSha256BucketHasherTest extends BucketHasherContract {
  @Override
  BucketHasher hasher(String salt) {
    return new PlainSha256BucketHasher(salt);
  }
}
