package io.javelin.router;

/// Buckets `start` (inclusive) to `end` (exclusive) of [BucketHasher#BUCKETS].
public record BucketRange(int start, int end) {}
