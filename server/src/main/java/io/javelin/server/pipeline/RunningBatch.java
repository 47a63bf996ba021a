package io.javelin.server.pipeline;

import io.javelin.batching.Batch;
import io.javelin.loader.engine.EngineException;
import io.javelin.loader.engine.EngineInstance;
import org.jspecify.annotations.Nullable;

/// Stops a run that nobody waits for any more. Costs the batch worker two uncontended locks per
/// run, and the one who cancels a look at the batch.
///
/// The batch is read under the lock while its worker is inside the run, and forgotten before the
/// worker may reuse it. A call is marked cancelled before this is told, so that whichever of two
/// last callers comes second sees both.
final class RunningBatch {
  private final EngineInstance instance;
  private final Runnable onTermination;
  private @Nullable Batch<InferCall> current; // Guarded by this.

  /// @param onTermination told of each run that was stopped
  RunningBatch(EngineInstance instance, Runnable onTermination) {
    this.instance = instance;
    this.onTermination = onTermination;
  }

  /// By the worker, before the run; [#end] must follow.
  ///
  /// @throws EngineException when all callers have gone while the batch was being made
  synchronized void begin(Batch<InferCall> batch) throws EngineException {
    if (isDeserted(batch)) {
      throw new EngineException("all callers have gone");
    }
    current = batch;
  }

  synchronized void end() {
    current = null;
  }

  /// Stops the run if all its callers have gone. Any thread, after the call was marked.
  synchronized void onCancelled() {
    Batch<InferCall> batch = current;
    if (batch != null && isDeserted(batch)) {
      current = null; // Once is enough.
      instance.terminate();
      onTermination.run();
    }
  }

  private static boolean isDeserted(Batch<InferCall> batch) {
    for (int i = 0; i < batch.size(); i++) {
      if (!batch.get(i).isCancelled()) {
        return false;
      }
    }
    return true;
  }
}
