package io.javelin.benchmarks.bench;

import io.javelin.benchmarks.bench.model.BenchModel;
import io.javelin.benchmarks.bench.process.JavelinLauncher;
import io.javelin.benchmarks.bench.report.Samples;
import io.javelin.benchmarks.bench.server.NaiveServer;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// Javelin beside the server that one would write without it.
@Command(
    name = "naive",
    description =
        "Javelin beside an afternoon's server: generated classes, virtual threads, batch 1.")
final class NaiveBenchmark extends Benchmark {
  @Mixin private ModelChoice choice = new ModelChoice();

  @Option(names = "--sessions", description = "ONNX Runtime sessions in the naive server's pool.")
  private int sessions = 2;

  @Override
  void run(BenchSession session) throws Exception {
    BenchModel model = choice.model();
    List<LoadStep> loads = choice.loads();
    Contestant javelin =
        session.javelin(JavelinLauncher.Setup.standard(), model, session.traffic(model));
    Path file =
        session.registry(List.of(model)).resolve(model.name()).resolve("1").resolve("model.onnx");
    session.say("starting the naive server with %d sessions", sessions);
    Contestant naive =
        session.connect(
            session.child(
                "naive",
                NaiveServer.class,
                List.of(model.name(), file.toString(), Integer.toString(sessions))),
            javelin.traffic());
    SameAnswers.require(javelin, naive);
    List<Contestant> contestants = List.of(javelin, naive);
    session.warmUp(contestants, loads);
    Samples samples = session.rotate(contestants, loads);
    session.publish(
        "How much faster is Javelin than grpc-java with generated classes, virtual threads and a"
            + " pool of sessions?",
        List.of(
            "model: " + model.name() + ", " + model.description(),
            "Javelin: validation, metrics and an A/A experiment on the user id of every request",
            "naive: " + sessions + " sessions of one thread each; no validation, metrics, routing"),
        FloorBenchmark.comparison(samples, javelin.name(), naive.name()));
  }
}
