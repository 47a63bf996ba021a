package io.javelin.loader.engine;

import io.javelin.loader.store.ModelArtifact;

/// Opens models of one format. Thread-safe; opening may block for seconds and is called on loader
/// threads only.
public interface Engine extends AutoCloseable {
  /// Backend name as clients know it, e.g. `onnxruntime`.
  String name();

  /// The `platform` of the model metadata, e.g. `onnxruntime_onnx`.
  String platform();

  /// The model file this engine looks for in a version's directory, e.g. `model.onnx`.
  String modelFileName();

  /// Opens one instance.
  ///
  /// @throws EngineException when the file is broken or an option is not understood
  EngineInstance open(ModelArtifact artifact, InstanceConfig config) throws EngineException;

  @Override
  void close();
}
