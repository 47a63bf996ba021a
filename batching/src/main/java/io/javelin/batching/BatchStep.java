package io.javelin.batching;

/// The step of one engine instance: everything the batcher does between two waits. A worker thread
/// calls it, or an event loop, or a test by hand.
///
/// One call at a time, but not always by the same thread. A call from inside a call, or beside one,
/// is refused with an [IllegalStateException].
public interface BatchStep {
  /// Drops dead requests, then closes and runs at most one batch. Blocks for as long as the runner
  /// does, and never otherwise.
  ///
  /// @param nowNanos the present on the batcher's clock, monotonic nanoseconds
  Next doWork(long nowNanos);

  /// Says that the caller does something else before it calls the step again, although the last
  /// call did work. Without it, that time would be taken for a part of the run.
  ///
  /// @param nowNanos the present, right after [#doWork] has returned
  void pause(long nowNanos);

  /// What the caller of the step does next.
  sealed interface Next {
    /// The only instance of [WorkDone].
    Next WORK_DONE = new WorkDone();

    /// The only instance of [Idle].
    Next IDLE = new Idle();

    /// The only instance of [Drained].
    Next DRAINED = new Drained();

    /// Something was dropped or run; there may be more: call the step again, at once: the time
    /// until then counts as that of the run.
    record WorkDone() implements Next {}

    /// Requests wait for company. Call the step again at `untilNanos`, or earlier when woken.
    record WaitUntil(long untilNanos) implements Next {}

    /// Nothing for this step to do before it is woken.
    record Idle() implements Next {}

    /// The batcher is closing and nothing is left. No later call will find work.
    record Drained() implements Next {}
  }
}
