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

  /// Whether the model may run in loops whose number of turns depends on the data, so that a run of
  /// zeros says nothing about the time that others take. May err towards yes. Reads the model file.
  ///
  /// @throws EngineException when the file cannot be read
  default boolean runsLoops(ModelArtifact artifact) throws EngineException {
    return false;
  }

  @Override
  void close();
}
