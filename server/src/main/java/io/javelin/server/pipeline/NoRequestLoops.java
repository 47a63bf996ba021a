package io.javelin.server.pipeline;

/// See [RequestLoops#NONE].
final class NoRequestLoops implements RequestLoops {
  @Override
  public int count() {
    return 0;
  }

  @Override
  public int current() {
    return ELSEWHERE;
  }

  @Override
  public void execute(int loop, Runnable task) {
    throw new IndexOutOfBoundsException(loop);
  }

  @Override
  public void schedule(int loop, Runnable task, long delayNanos) {
    throw new IndexOutOfBoundsException(loop);
  }

  @Override
  public void runAndWait(int loop, Runnable task) {
    throw new IndexOutOfBoundsException(loop);
  }
}
