package io.javelin.benchmarks.bench.report;

import java.util.Map;

/// What one server did under one load in one round.
///
/// @param round from 1
/// @param figures those that are known
public record Sample(String server, String load, int round, Map<Figure, Double> figures) {
  public Sample {
    figures = Map.copyOf(figures);
  }

  /// A figure, NaN when it is not known.
  public double get(Figure figure) {
    return figures.getOrDefault(figure, Double.NaN);
  }
}
