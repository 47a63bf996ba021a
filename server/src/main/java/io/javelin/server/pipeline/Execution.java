package io.javelin.server.pipeline;

/// Where the runs of a model may take place.
///
/// @param mode who decides
/// @param loopBoundNanos longest time for which one run may hold an event loop, as far as the
///   learned run times can tell
public record Execution(Mode mode, long loopBoundNanos) {
  /// The default bound: about what waking an instance thread costs a request.
  public static final long DEFAULT_LOOP_BOUND_NANOS = 100_000;

  /// Measured, with the default bound.
  public static final Execution AUTO = new Execution(Mode.AUTO, DEFAULT_LOOP_BOUND_NANOS);

  /// Who decides.
  public enum Mode {
    /// Measured when the version is loaded, and again while it runs.
    AUTO,
    /// On the event loop whenever a run keeps the bound, even while instance threads are busy.
    EVENT_LOOP,
    /// Always on instance threads.
    THREADS
  }
}
