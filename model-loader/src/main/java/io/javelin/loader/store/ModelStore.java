package io.javelin.loader.store;

import java.io.IOException;
import java.util.SortedSet;

/// A registry bucket in Triton's layout `<model>/<version>/<files>`. Thread-safe; methods may block
/// and are called on the reconciler's or loader threads only.
public interface ModelStore extends AutoCloseable {
  /// Names of all models in the bucket.
  SortedSet<String> listModels() throws IOException;

  /// Versions of `model`: directories named by a positive decimal number without a leading zero.
  /// Empty when the model does not exist.
  SortedSet<Long> listVersions(String model) throws IOException;

  /// Brings a version to the local disk and returns where it is.
  ModelArtifact fetch(String model, long version) throws IOException;

  @Override
  void close();
}
