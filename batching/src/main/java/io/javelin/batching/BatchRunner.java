package io.javelin.batching;

/// Runs one closed batch on one engine instance and answers every request in it.
///
/// Each runner is called by one worker thread only, one batch at a time; it may block. It should
/// not throw: what it throws is handed to [BatchListener#onRunFailed] together with the batch.
///
/// @param <T> request type
@FunctionalInterface
public interface BatchRunner<T extends BatchItem> {
  /// Runs the batch. `batch` is valid until this method returns.
  void run(Batch<T> batch);
}
