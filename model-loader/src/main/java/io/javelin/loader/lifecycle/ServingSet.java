package io.javelin.loader.lifecycle;

import java.util.List;
import java.util.SortedSet;
import org.jspecify.annotations.Nullable;

/// The versions that can answer now. One immutable snapshot is read per request, without a lock.
/// Thread-safe; nothing blocks.
///
/// @param <S> servable
public interface ServingSet<S> {
  /// Borrows a ready version; `version` 0 = the highest ready one. Null when it is not ready.
  ///
  /// Never gives a version that has begun to drain, not even from an old snapshot: it looks into
  /// the newest one then.
  @Nullable Lease<S> lease(String model, long version);

  /// Ready versions of `model`; empty when there are none.
  SortedSet<Long> readyVersions(String model);

  /// Models with at least one ready version, sorted.
  List<String> readyModels();
}
