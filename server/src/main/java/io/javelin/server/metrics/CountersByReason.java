package io.javelin.server.metrics;

import java.util.EnumMap;
import java.util.Objects;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;

/// One counter per constant of an enum, all exposed from the start. Thread-safe.
///
/// @param <E> what a label says
final class CountersByReason<E extends Enum<E>> {
  private final EnumMap<E, LongAdder> counters;

  /// @param reasons the enum
  /// @param counter finds the series of a constant
  CountersByReason(Class<E> reasons, Function<E, LongAdder> counter) {
    counters = new EnumMap<>(reasons);
    for (E reason : reasons.getEnumConstants()) {
      counters.put(reason, counter.apply(reason));
    }
  }

  void increment(E reason) {
    Objects.requireNonNull(counters.get(reason)).increment();
  }
}
