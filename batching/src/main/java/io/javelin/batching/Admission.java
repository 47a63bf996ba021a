package io.javelin.batching;

/// The answer to [MicroBatcher#submit]. Instances are shared constants: submitting allocates
/// nothing.
public sealed interface Admission {
  /// The only instance of [Admitted].
  Admission ADMITTED = new Admitted();

  /// Refused for [Reason#QUEUE_FULL].
  Admission QUEUE_FULL = new Refused(Reason.QUEUE_FULL);

  /// Refused for [Reason#TOO_MANY_ROWS].
  Admission TOO_MANY_ROWS = new Refused(Reason.TOO_MANY_ROWS);

  /// Refused for [Reason#DEADLINE_PASSED].
  Admission DEADLINE_PASSED = new Refused(Reason.DEADLINE_PASSED);

  /// Refused for [Reason#CLOSED].
  Admission CLOSED = new Refused(Reason.CLOSED);

  /// The request waits in the queue; its runner or the listener will answer it, exactly once.
  record Admitted() implements Admission {}

  /// The request was not taken; the caller still owns it and answers it.
  record Refused(Reason reason) implements Admission {}

  /// Why a request was not taken.
  enum Reason {
    /// The queue holds its maximum of waiting rows.
    QUEUE_FULL,
    /// The request alone has more rows than a batch may have.
    TOO_MANY_ROWS,
    /// The deadline had passed on arrival.
    DEADLINE_PASSED,
    /// The batcher is draining or closed.
    CLOSED
  }
}
