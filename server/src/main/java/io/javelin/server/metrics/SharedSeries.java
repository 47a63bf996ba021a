package io.javelin.server.metrics;

import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;

/// Series that several handles may hold at once: a reload opens the new handle of a version before
/// it closes the old one, and must not lose the counts. The last one to let go removes the series.
/// Thread-safe.
///
/// @param <K> identity of the series
/// @param <S> the series
final class SharedSeries<K, S> {
  private static final class Held<S> {
    final S series;
    int holders;

    Held(S series) {
      this.series = series;
    }
  }

  private final Function<K, S> open;
  private final Consumer<S> close;
  private final Map<K, Held<S>> held = new HashMap<>();

  SharedSeries(Function<K, S> open, Consumer<S> close) {
    this.open = open;
    this.close = close;
  }

  synchronized S acquire(K key) {
    Held<S> found = held.computeIfAbsent(key, k -> new Held<>(open.apply(k)));
    found.holders++;
    return found.series;
  }

  synchronized void release(K key) {
    Held<S> found = held.get(key);
    if (found == null) {
      throw new IllegalStateException("released more often than acquired: " + key);
    }
    if (--found.holders == 0) {
      held.remove(key);
      close.accept(found.series);
    }
  }
}
