package io.javelin.batching;

/// What the batcher must know about one queued request. Implemented by the caller's request type.
///
/// All methods are called from several threads and must be cheap and free of side effects.
public interface BatchItem {
  /// The value of [#deadlineNanos()] that means "no deadline".
  long NO_DEADLINE = Long.MAX_VALUE;

  /// Rows this request contributes to a batch: at least 1, and constant.
  int rows();

  /// Absolute deadline in monotonic nanoseconds (the batcher's clock), or [#NO_DEADLINE].
  long deadlineNanos();

  /// Whether the caller has gone. A cancelled request is dropped before it costs compute.
  boolean isCancelled();

  /// Requests whose keys are not equal never share a batch: row shapes for a model with dynamic
  /// dimensions. Return one shared constant when every request fits every other.
  Object batchKey();
}
