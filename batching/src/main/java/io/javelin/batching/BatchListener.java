package io.javelin.batching;

/// Told what the batcher does. Called on the thread that runs the batch step; must not block and
/// must not throw.
///
/// What a method throws all the same goes to the uncaught-exception handler of the calling thread,
/// and the batcher goes on as if the method had returned.
///
/// @param <T> request type
public interface BatchListener<T extends BatchItem> {
  /// A batch was closed and is about to run. `batch` is valid until this method returns.
  void onBatchClosed(Batch<T> batch);

  /// A waiting request was dropped before it cost compute. The listener owns it now and answers it.
  void onDropped(T item, DropReason reason);

  /// The runner threw. The listener answers every request of `batch` that has no answer yet.
  /// `batch` is valid until this method returns.
  void onRunFailed(Batch<T> batch, Throwable failure);

  /// Why a waiting request was dropped.
  enum DropReason {
    /// Its deadline passed while it waited.
    EXPIRED,
    /// [BatchItem#isCancelled()] was true when its turn came.
    CANCELLED
  }
}
