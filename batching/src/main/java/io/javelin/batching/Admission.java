package io.javelin.batching;

/// The answer to [MicroBatcher#submit]. What is answered often is a shared constant; only a refusal
/// that tells a time allocates.
public sealed interface Admission {
  /// The only instance of [Admitted].
  Admission ADMITTED = new Admitted();

  /// Refused for [Reason#TOO_MANY_ROWS].
  Admission TOO_MANY_ROWS = new Refused(Reason.TOO_MANY_ROWS, 0);

  /// Refused for [Reason#DEADLINE_PASSED].
  Admission DEADLINE_PASSED = new Refused(Reason.DEADLINE_PASSED, 0);

  /// Refused for [Reason#CLOSED].
  Admission CLOSED = new Refused(Reason.CLOSED, 0);

  /// The request waits in the queue; its runner or the listener will answer it, exactly once.
  record Admitted() implements Admission {}

  /// The request was not taken; the caller still owns it and answers it.
  ///
  /// @param nanos for [Reason#DEADLINE_UNREACHABLE] the time the request would take; for the
  ///   reasons that mean "busy" the estimated time until there is room; else 0
  record Refused(Reason reason, long nanos) implements Admission {}

  /// Why a request was not taken.
  enum Reason {
    /// The queue, or the request's priority level, holds its maximum of waiting rows.
    QUEUE_FULL,
    /// The request alone has more rows than a batch may have.
    TOO_MANY_ROWS,
    /// The deadline had passed on arrival.
    DEADLINE_PASSED,
    /// By all that is known the answer would come after the deadline.
    DEADLINE_UNREACHABLE,
    /// As many rows wait and run as the adaptive limit allows.
    LIMIT,
    /// The tenant holds its share of the queue, and others wait.
    TENANT_SHARE,
    /// The batcher is draining or closed.
    CLOSED
  }
}
