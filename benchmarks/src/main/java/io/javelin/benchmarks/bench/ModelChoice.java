package io.javelin.benchmarks.bench;

import io.javelin.benchmarks.bench.model.BenchModel;
import java.util.List;
import picocli.CommandLine.Option;

/// Which model a benchmark asks, and how much of it.
final class ModelChoice {
  private static final int LARGE_ROW_BYTES = 100_000;
  private static final int SOME_IN_FLIGHT = 4;

  @Option(names = "--model", description = "mlp, cnn or tx.", paramLabel = "NAME")
  private String name;

  @Option(
      names = "--payload",
      description = "Instead of a model: the mean of rows of this many bytes, for the transport.",
      paramLabel = "BYTES")
  private int payloadBytes;

  @Option(
      names = "--rate",
      description = "Poisson arrivals per second; default by the model's cost, 10,000 for mlp.")
  private double rate;

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

  /// The loads that suit the model: one request at a time, enough of them to saturate the server,
  /// and random arrivals well below that.
  List<LoadStep> loads() {
    BenchModel model = model();
    double arrivals = rate > 0 ? rate : defaultRate(model);
    // Large requests fill the server's memory before they fill its time.
    return model.rowBytes() < LARGE_ROW_BYTES
        ? LoadStep.standard(arrivals)
        : List.of(
            LoadStep.inFlight(1), LoadStep.inFlight(SOME_IN_FLIGHT), LoadStep.perSecond(arrivals));
  }

  private static double defaultRate(BenchModel model) {
    return switch (model.name()) {
      case "mlp" -> 10_000;
      case "cnn" -> 5_000;
      default -> 300;
    };
  }
}
