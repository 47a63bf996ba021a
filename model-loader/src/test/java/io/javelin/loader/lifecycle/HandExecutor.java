package io.javelin.loader.lifecycle;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.Executor;
import java.util.random.RandomGenerator;

/// Runs work when it is told to, never before.
final class HandExecutor implements Executor {
  private final Queue<Runnable> waiting = new ArrayDeque<>();

  @Override
  public void execute(Runnable work) {
    waiting.add(work);
  }

  /// Runs the oldest; false if there is none.
  boolean runNext() {
    Runnable next = waiting.poll();
    if (next == null) {
      return false;
    }
    next.run();
    return true;
  }

  /// Runs any one of those that wait.
  void runAny(RandomGenerator random) {
    if (!waiting.isEmpty()) {
      List<Runnable> all = new ArrayList<>(waiting);
      Runnable chosen = all.get(random.nextInt(all.size()));
      waiting.remove(chosen);
      chosen.run();
    }
  }

  int size() {
    return waiting.size();
  }
}
