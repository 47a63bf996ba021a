package io.javelin.benchmarks.demo;

import io.javelin.benchmarks.load.Arrivals;
import io.javelin.benchmarks.load.ClientChannels;
import io.javelin.benchmarks.load.CsvRows;
import io.javelin.benchmarks.load.LoadConfig;
import io.javelin.benchmarks.load.LoadGenerator;
import io.javelin.benchmarks.load.LoadSnapshot;
import io.javelin.benchmarks.load.RequestTemplate;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;

/// Held-out rows of one model, sent one per request at random times on behalf of many users.
final class ModelTraffic implements AutoCloseable {
  private static final int USERS = 10_000;
  private static final int MAX_IN_FLIGHT = 2_000;
  private static final Duration DEADLINE = Duration.ofSeconds(2);
  private static final Duration WARM_UP = Duration.ofSeconds(3);
  private static final long SEED = 7;

  private final String model;
  private final Accuracy accuracy;
  private final LoadGenerator load;

  private ModelTraffic(String model, Accuracy accuracy, LoadGenerator load) {
    this.model = model;
    this.accuracy = accuracy;
    this.load = load;
  }

  /// Starts sending `rate` requests per second in the mean.
  static ModelTraffic start(
      String model, Path rows, ClientChannels channels, double rate, Duration duration)
      throws IOException {
    RequestTemplate template =
        RequestTemplate.ofRows(channels.modelMetadata(model), CsvRows.read(rows), 1);
    Accuracy accuracy = new Accuracy(template);
    LoadConfig config =
        new LoadConfig(
            new Arrivals.OpenLoop(rate), WARM_UP, duration, MAX_IN_FLIGHT, DEADLINE, USERS, SEED);
    return new ModelTraffic(
        model,
        accuracy,
        LoadGenerator.start(config, template, channels.channels(), accuracy, System::nanoTime));
  }

  String model() {
    return model;
  }

  Accuracy accuracy() {
    return accuracy;
  }

  /// Whether the first answer has come, warm-up included.
  boolean hasAnswers() {
    return load.warmUpSnapshot().ok() + load.snapshot().ok() > 0;
  }

  /// Whether the warm-up is over, so that the figures count.
  boolean isMeasuring() {
    return load.isMeasuring();
  }

  LoadSnapshot snapshot() {
    return load.snapshot();
  }

  boolean awaitEnd(Duration timeout) throws InterruptedException {
    return load.awaitEnd(timeout);
  }

  @Override
  public void close() {
    load.close();
  }
}
