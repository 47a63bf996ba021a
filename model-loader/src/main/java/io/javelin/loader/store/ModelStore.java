package io.javelin.loader.store;

import java.io.IOException;
import java.util.SortedSet;

/// A registry bucket in Triton's layout `<model>/<version>/<files>`. Thread-safe; methods may block
/// and are called on the reconciler's or loader threads only.
///
/// A model name that [TritonLayout#isModelName] refuses is answered with an
/// `IllegalArgumentException`; names come from configuration and requests and must not reach a
/// path.
public interface ModelStore extends AutoCloseable {
  /// Names of all models in the bucket.
  SortedSet<String> listModels() throws IOException;

  /// Versions of `model`: directories named by a positive decimal number without a leading zero.
  /// Versions whose upload is visibly unfinished are left out. Empty when the model does not exist.
  ///
  /// @throws IOException also when the bucket itself cannot be found: "gone" is not "empty"
  SortedSet<Long> listVersions(String model) throws IOException;

  /// Changes whenever the files of the version change in the bucket; stable otherwise, also over
  /// restarts. Empty when the bucket lacks the version.
  ///
  /// The default suits stores whose versions cannot change once they are listed.
  default String fingerprint(String model, long version) throws IOException {
    return listVersions(model).contains(version) ? "immutable" : "";
  }

  /// Brings a version to the local disk and returns where it is. The files stay as they are,
  /// whatever happens in the bucket, until the artifact is released. Every call makes an artifact
  /// of its own.
  ///
  /// @throws IOException when the version is missing, unfinished, or changes while it is read
  ModelArtifact fetch(String model, long version) throws IOException;

  /// Frees the local copy that [#fetch] made. Called once per artifact, after the engine has closed
  /// it; a second call is harmless.
  default void release(ModelArtifact artifact) throws IOException {}

  @Override
  void close();
}
