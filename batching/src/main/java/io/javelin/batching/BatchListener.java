package io.javelin.batching;

/// Told what the batcher does. Called on batch workers or submitting threads; must not block and
/// must not throw.
///
/// @param <T> request type
public interface BatchListener<T extends BatchItem> {
  /// A batch was closed and is about to run.
  void onBatchClosed(Batch<T> batch);

  /// A waiting request was dropped before it cost compute. The listener owns it now and answers it.
  void onDropped(T item, DropReason reason);

  /// The runner threw. The listener answers every request of `batch` that has no answer yet.
  void onRunFailed(Batch<T> batch, Throwable failure);

  /// Why a waiting request was dropped.
  enum DropReason {
    /// Its deadline passed while it waited.
    EXPIRED,
    /// [BatchItem#isCancelled()] was true when its turn came.
    CANCELLED
  }
}
