package io.javelin.benchmarks.bench;

import io.javelin.benchmarks.bench.model.BenchModel;
import io.javelin.benchmarks.bench.process.JavelinLauncher;
import io.javelin.benchmarks.bench.report.Samples;
import io.javelin.server.SilentServerMain;
import java.time.Duration;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/// What metrics and routing cost.
@Command(
    name = "metrics",
    description = "Javelin with metrics and routing beside Javelin without: what watching costs.")
final class MetricsBenchmark extends Benchmark {
  private static final String OFF =
      """
      What is off: the request path reports to a telemetry that does nothing (no counters, no
      histograms, no predictions); no experiment is configured and no user id is sent, so nothing is
      hashed. What is **not** off, because there is no switch for it and users shall get none:
      validation of every request, the clock reads around stages, the counter of routing decisions,
      the response headers with variant and version.

      """;

  @Mixin private ModelChoice choice = new ModelChoice();

  @Override
  void run(BenchSession session) throws Exception {
    BenchModel model = choice.model();
    List<LoadStep> loads = choice.loads();
    JavelinLauncher.Setup on = JavelinLauncher.Setup.standard().named("on");
    Contestant with = session.javelin(on, model, session.traffic(model));
    Contestant without =
        session.javelin(
            on.named("off").withExperiment(false).startedBy(SilentServerMain.class.getName()),
            model,
            session.traffic(model, 0, Duration.ZERO));
    List<Contestant> contestants = List.of(with, without);
    session.warmUp(contestants, loads);
    Samples samples = session.rotate(contestants, loads);
    session.publish(
        "What do metrics and routing cost?",
        List.of("model: " + model.name() + ", " + model.description()),
        OFF + FloorBenchmark.comparison(samples, with.name(), without.name()));
  }
}
