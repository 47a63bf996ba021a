package io.javelin.batching;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Knows which steps found nothing to do, and chooses the one to wake. Not thread-safe: part of the
/// state that the lock of [BatchQueue] guards, so that "I found nothing" and "here is something"
/// cannot miss each other.
///
/// - A step that looks into the queue is not idle until it has found nothing to run.
/// - At most one idle step is the *watcher*: it waits until a given time, for all the others.
/// - At most one step is *signalled*: woken, but not back at the queue yet. While there is one,
///   nobody else is woken, because it will look at the queue anyway and wake the next one if it
///   leaves something behind. A burst of arrivals costs one wake-up.
final class IdleSteps {
  private final ArrayList<Wakeable> idle = new ArrayList<>();
  private @Nullable Wakeable watcher;
  private long watchedUntilNanos;
  private @Nullable Wakeable signalled;

  /// `step` is looking into the queue.
  void looks(Wakeable step) {
    idle.remove(step);
    watcher = step.equals(watcher) ? null : watcher;
    signalled = step.equals(signalled) ? null : signalled;
  }

  /// `step` found nothing to run and rests until woken.
  void rests(Wakeable step) {
    idle.add(step);
  }

  /// `step` found requests that wait for company until `untilNanos`. Returns whether it has to come
  /// back then; otherwise another step already watches, and `step` rests until woken.
  boolean watches(Wakeable step, long untilNanos) {
    idle.add(step);
    if (watcher != null && watchedUntilNanos - untilNanos <= 0) {
      return false;
    }
    watcher = step;
    watchedUntilNanos = untilNanos;
    return true;
  }

  boolean hasWatcher() {
    return watcher != null;
  }

  /// Only while there is a watcher.
  long watchedUntilNanos() {
    return watchedUntilNanos;
  }

  /// The step to wake because there may be something to run, or null when none needs to be woken.
  /// The caller wakes it after it has left the lock.
  @Nullable Wakeable signalOne() {
    if (signalled != null || idle.isEmpty()) {
      return null;
    }
    // The one that rested last: its caches are the warmest.
    Wakeable chosen = watcher != null ? watcher : idle.getLast();
    looks(chosen);
    signalled = chosen;
    return chosen;
  }

  /// All idle steps, to be woken by the caller after it has left the lock.
  List<Wakeable> signalAll() {
    List<Wakeable> all = List.copyOf(idle);
    idle.clear();
    watcher = null;
    return all;
  }
}
