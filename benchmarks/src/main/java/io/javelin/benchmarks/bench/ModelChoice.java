package io.javelin.benchmarks.bench;

import io.javelin.benchmarks.bench.model.BenchModel;
import picocli.CommandLine.Option;

/// Which model a benchmark asks.
final class ModelChoice {
  @Option(names = "--model", description = "mlp, cnn or tx.", paramLabel = "NAME")
  private String name;

  @Option(
      names = "--payload",
      description = "Instead of a model: the mean of rows of this many bytes, for the transport.",
      paramLabel = "BYTES")
  private int payloadBytes;

  ModelChoice() {
    this("mlp");
  }

  /// @param name of the model that is asked unless another is named
  ModelChoice(String name) {
    this.name = name;
  }

  /// @throws IllegalArgumentException when there is no such model
  BenchModel model() {
    return payloadBytes > 0 ? BenchModel.mean(payloadBytes) : BenchModel.named(name);
  }
}
