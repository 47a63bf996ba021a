package io.javelin.batching;

import org.jspecify.annotations.Nullable;

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

  /// When the answer is of no use any more, on the same clock, or [#NO_DEADLINE]. Differs from
  /// [#deadlineNanos()] where that is only how long the request may wait.
  default long answerByNanos() {
    return deadlineNanos();
  }

  /// Whether the caller has gone. A cancelled request is dropped before it costs compute.
  boolean isCancelled();

  /// Requests whose keys are not equal never share a batch: row shapes for a model with dynamic
  /// dimensions. Return one shared constant when every request fits every other.
  Object batchKey();

  /// What this request adds to the cost of a batch, at least 1 and constant: bounded together with
  /// the rows by [BatchingConfig#costBound].
  default long cost() {
    return rows();
  }

  /// 1 is served first. Constant; a number without a policy of its own counts as the last level.
  default int priorityLevel() {
    return 1;
  }

  /// Whose request this is, for the fair share within a level; null when nobody is told apart.
  /// Constant; its `equals` and `hashCode` are called while the queue is locked.
  default @Nullable Object tenant() {
    return null;
  }

  /// From this moment on the request waits behind all others of its level, or [#NO_DEADLINE].
  /// Monotonic nanoseconds, constant; of no effect in a level that does not delay.
  default long delayAfterNanos() {
    return NO_DEADLINE;
  }
}
