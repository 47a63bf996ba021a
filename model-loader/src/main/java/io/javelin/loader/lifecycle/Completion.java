package io.javelin.loader.lifecycle;

import io.javelin.loader.store.ModelArtifact;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import org.jspecify.annotations.Nullable;

/// What background work hands back to the reconciler. Whoever takes it owns what it carries.
///
/// @param <S> servable
sealed interface Completion<S> {
  /// The bucket was looked at.
  record Polled<S>(List<Listing> listings) implements Completion<S> {}

  /// The files are on the local disk.
  ///
  /// @param fingerprint of the files before they were fetched
  record Fetched<S>(VersionEntry<S> entry, ModelArtifact artifact, String fingerprint)
      implements Completion<S> {}

  /// The servable is open but cold.
  record Loaded<S>(VersionEntry<S> entry, ModelArtifact artifact, S servable)
      implements Completion<S> {}

  /// The servable may be leased.
  record Warmed<S>(VersionEntry<S> entry, ModelArtifact artifact, S servable)
      implements Completion<S> {}

  /// The work failed and has freed what the version held.
  ///
  /// @param phase what was tried: `fetch`, `load` or `warm up`
  /// @param fingerprint of the files that failed; null when it could not be read
  record Failed<S>(
      VersionEntry<S> entry, String phase, String message, @Nullable String fingerprint)
      implements Completion<S> {}

  /// Nothing of the version is left in memory or on the disk.
  record Unloaded<S>(VersionEntry<S> entry) implements Completion<S> {}

  /// One model's answer to a poll.
  ///
  /// @param fingerprints of the versions that were asked for
  /// @param error why there is no answer; null if there is one
  record Listing(
      String model,
      SortedSet<Long> versions,
      Map<Long, String> fingerprints,
      @Nullable String error) {}

  /// One model's question of a poll.
  ///
  /// @param failedVersions versions whose fingerprints are wanted
  record Question(String model, List<Long> failedVersions) {}
}
