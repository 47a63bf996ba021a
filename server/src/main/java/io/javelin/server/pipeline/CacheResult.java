package io.javelin.server.pipeline;

/// What the response cache did for a request.
public enum CacheResult {
  /// The answer was there.
  HIT,
  /// An identical request was being computed; both got its answer.
  SHARED,
  /// The request was computed, and its answer kept if it fits.
  MISS,
  /// The request was too large to be hashed on an event loop.
  BYPASS
}
