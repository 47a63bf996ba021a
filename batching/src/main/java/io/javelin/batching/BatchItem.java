package io.javelin.batching;

/// What the batcher must know about one queued request. Implemented by the caller's request type.
///
/// Rows, deadline and key are read once, on the submitting thread. [#isCancelled()] and the
/// `equals` of the key are called on other threads too, while the queue is locked: they must be
/// cheap, free of side effects, and must not throw. A request is known by its identity, not by
/// `equals`, and must not be queued twice at the same time.
public interface BatchItem {
  /// The value of [#deadlineNanos()] that means "no deadline".
  long NO_DEADLINE = Long.MAX_VALUE;

  /// Rows this request contributes to a batch: at least 1, and constant.
  int rows();

  /// Absolute deadline in monotonic nanoseconds (the batcher's clock), or [#NO_DEADLINE]. A real
  /// deadline lies within 292 years of now, so that it can be compared by difference.
  long deadlineNanos();

  /// Whether the caller has gone. A cancelled request is dropped before it costs compute.
  boolean isCancelled();

  /// Requests whose keys are not equal never share a batch: row shapes for a model with dynamic
  /// dimensions. Return one shared constant when every request fits every other.
  Object batchKey();
}
