package io.javelin.loader.engine.instance;

import java.util.concurrent.atomic.AtomicReference;

/// Turns a breach of an instance's threading rule into an exception. Without it two runs at once,
/// or a close during a run, would write into native memory that is gone.
///
/// Costs one compare-and-set and one volatile write for each run.
public final class RunGuard {
  private enum State {
    NO_RESULT,
    RUNNING,
    RESULT,
    CLOSED
  }

  private final String instance;
  private final AtomicReference<State> state = new AtomicReference<>(State.NO_RESULT);

  /// @param instance what the messages call the guarded thing
  public RunGuard(String instance) {
    this.instance = instance;
  }

  /// Starts a run; [#leave] must follow.
  public void enter() {
    State before = state.get();
    if (before == State.RUNNING || before == State.CLOSED) {
      throw refused(before);
    }
    if (!state.compareAndSet(before, State.RUNNING)) {
      throw refused(State.RUNNING);
    }
  }

  /// Ends a run.
  ///
  /// @param succeeded whether there are outputs to read now
  public void leave(boolean succeeded) {
    state.set(succeeded ? State.RESULT : State.NO_RESULT);
  }

  /// Refuses after [#close] and during a run.
  public void requireIdle() {
    State now = state.get();
    if (now == State.CLOSED || now == State.RUNNING) {
      throw refused(now);
    }
  }

  /// Refuses unless the last run succeeded.
  public void requireResult() {
    State now = state.get();
    if (now != State.RESULT) {
      throw refused(now);
    }
  }

  /// Refuses everything from now on.
  ///
  /// @return whether this call closed it, so that memory is freed once
  public boolean close() {
    while (true) {
      State before = state.get();
      if (before == State.RUNNING) {
        throw refused(before);
      }
      if (before == State.CLOSED || state.compareAndSet(before, State.CLOSED)) {
        return before != State.CLOSED;
      }
    }
  }

  private IllegalStateException refused(State found) {
    return new IllegalStateException(
        switch (found) {
          case CLOSED -> instance + " is closed";
          case RUNNING -> instance + " is running in another thread";
          case NO_RESULT, RESULT -> instance + " has no outputs: no run, or the last one failed";
        });
  }
}
