package io.javelin.loader.lifecycle;

import io.javelin.loader.engine.EngineException;
import io.javelin.loader.store.ModelArtifact;

/// Makes what the server serves out of a fetched version. Called on loader threads; may block.
///
/// @param <S> servable
public interface ServableFactory<S> {
  /// Opens the version. On failure everything opened so far is closed again.
  S load(ModelArtifact artifact) throws EngineException;

  /// Runs the servable on real batch sizes until it is as fast as it will be in service.
  void warmUp(S servable) throws EngineException;

  /// Closes the servable: finishes admitted work, frees native memory. Called once, after the last
  /// lease was returned or the drain time-out has passed.
  void unload(S servable);
}
