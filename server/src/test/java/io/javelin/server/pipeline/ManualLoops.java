package io.javelin.server.pipeline;

import java.util.ArrayDeque;
import java.util.Queue;

/// One request loop whose turns the test takes.
final class ManualLoops implements RequestLoops {
  private final Queue<Runnable> tasks = new ArrayDeque<>();
  private int current;

  /// Whether the test's thread is the loop from now on.
  void enter(boolean loop) {
    current = loop ? 0 : ELSEWHERE;
  }

  /// The end of a read burst: runs what has been added, and what that adds.
  void turn() {
    for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
      task.run();
    }
  }

  @Override
  public int count() {
    return 1;
  }

  @Override
  public int current() {
    return current;
  }

  @Override
  public void execute(int loop, Runnable task) {
    tasks.add(task);
  }

  @Override
  public void schedule(int loop, Runnable task, long delayNanos) {
    tasks.add(task);
  }

  @Override
  public void runAndWait(int loop, Runnable task) {
    task.run();
  }
}
