package io.javelin.server.metrics;

import io.prometheus.metrics.model.snapshots.Labels;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.DoubleSupplier;
import java.util.function.Supplier;

/// The series of one owner, so that they can be removed together. After [#close] new series are
/// still handed out, but are not exposed any more: a late request records into nothing.
/// Thread-safe.
final class SeriesScope {
  private final List<Runnable> removals = new ArrayList<>();
  private boolean closed;

  synchronized LongAdder counter(CounterFamily family, Labels labels) {
    return closed ? new LongAdder() : removeLater(family, labels, family.series(labels));
  }

  synchronized <S extends HistogramFamily.Series> S histogram(
      HistogramFamily<S> family, Labels labels, Supplier<S> create) {
    return closed ? create.get() : removeLater(family, labels, family.series(labels, create));
  }

  synchronized void gauge(GaugeFamily family, Labels labels, DoubleSupplier source) {
    if (!closed) {
      family.put(labels, removeLater(family, labels, source));
    }
  }

  private <S> S removeLater(Family<?> family, Labels labels, S series) {
    removals.add(() -> family.remove(labels));
    return series;
  }

  synchronized void close() {
    closed = true;
    removals.forEach(Runnable::run);
    removals.clear();
  }
}
