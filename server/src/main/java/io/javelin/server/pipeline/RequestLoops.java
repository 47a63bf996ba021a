package io.javelin.server.pipeline;

/// The event loops on which requests arrive, as far as the pipeline may use them: a cheap model
/// runs right there. Loops are known by index, from 0. Thread-safe.
public interface RequestLoops {
  /// What [#current] answers to a thread that is no request loop.
  int ELSEWHERE = -1;

  /// A server without loops of its own: everything runs on instance threads.
  RequestLoops NONE = new NoRequestLoops();

  /// Number of loops; constant.
  int count();

  /// The loop that the calling thread is, or [#ELSEWHERE].
  int current();

  /// Runs `task` on the loop, after what it is doing now: on the loop itself that is after the
  /// requests which it has just read. Never runs it at once.
  void execute(int loop, Runnable task);

  /// Runs `task` on the loop, `delayNanos` from now at the earliest.
  void schedule(int loop, Runnable task, long delayNanos);

  /// Runs `task` on the loop and waits for its end. When the loop has been stopped, on the calling
  /// thread. Must not be called on a loop.
  void runAndWait(int loop, Runnable task);
}
