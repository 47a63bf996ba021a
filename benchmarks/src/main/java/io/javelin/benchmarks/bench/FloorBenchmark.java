package io.javelin.benchmarks.bench;

import io.javelin.benchmarks.bench.model.BenchModel;
import io.javelin.benchmarks.bench.process.JavelinLauncher;
import io.javelin.benchmarks.bench.report.Figure;
import io.javelin.benchmarks.bench.report.Samples;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// Javelin beside a server that does nothing.
@Command(
    name = "floor",
    description =
        "Javelin beside a do-nothing gRPC server on the same transport: what Javelin adds.")
final class FloorBenchmark extends Benchmark {
  static final List<Figure> RATIOS =
      List.of(Figure.RATE, Figure.P50, Figure.P99, Figure.SERVER_CPU, Figure.SERVER_BYTES);
  static final List<Figure> ALL = List.of(Figure.values());

  @Mixin private ModelChoice choice = new ModelChoice();

  @Option(names = "--shadow", description = "Mirror every request to a shadow version as well.")
  private boolean shadow;

  @Option(names = "--instances", description = "Instances of the model.")
  private int instances = 1;

  @Override
  void run(BenchSession session) throws Exception {
    BenchModel model = choice.model();
    List<LoadStep> loads = choice.loads();
    Contestant javelin =
        session.javelin(
            JavelinLauncher.Setup.standard().withShadow(shadow).withInstances(instances),
            model,
            session.traffic(model));
    Contestant echo = session.echoOf(javelin);
    List<Contestant> contestants = List.of(javelin, echo);
    session.warmUp(contestants, loads);
    Samples samples = session.rotate(contestants, loads);
    session.publish(
        "How much does Javelin add to a gRPC server that answers the same bytes without looking?",
        List.of(
            "model: " + model.name() + ", " + model.description(),
            "Javelin: validation, metrics and an A/A experiment on the user id of every request"
                + (shadow ? ", every request mirrored" : ", no shadow")),
        comparison(samples, javelin.name(), echo.name()));
  }

  /// Ratios first, then medians, then every sample.
  static String comparison(Samples samples, String server, String base) {
    return """
    ## %1$s / %2$s: median of the rounds [min-max]

    %3$s
    ## Medians

    %4$s
    ## Every round

    %5$s\
    """
        .formatted(
            server,
            base,
            samples.ratioTable(server, base, RATIOS),
            samples.medianTable(ALL),
            samples.rawTable(ALL));
  }
}
