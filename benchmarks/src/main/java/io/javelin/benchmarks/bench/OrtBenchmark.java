package io.javelin.benchmarks.bench;

import io.javelin.benchmarks.bench.model.BenchModel;
import io.javelin.benchmarks.bench.process.ChildJvm;
import io.javelin.benchmarks.bench.process.JavelinLauncher;
import io.javelin.benchmarks.bench.report.Figure;
import io.javelin.benchmarks.bench.report.Numbers;
import io.javelin.benchmarks.bench.report.Sample;
import io.javelin.benchmarks.bench.report.Samples;
import io.javelin.benchmarks.bench.report.Table;
import io.javelin.benchmarks.bench.server.OrtLoop;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// Javelin at saturation beside ONNX Runtime alone.
@Command(
    name = "ort",
    description = "Javelin at saturation beside bare ONNX Runtime: rows/s on the cores left.")
final class OrtBenchmark extends Benchmark {
  private static final List<Integer> BATCHES = List.of(1, 2, 4, 8, 16, 32, 64);
  private static final String BARE = "bare ORT";
  private static final int WARM_UP_PASSES = 2;
  private static final String FORMULA =
      """
      `cores left = cores - Javelin's ok/s x (client CPU + echo CPU per request)`: what remains for
      the model after the client on the same machine and after the transport, priced at what the
      echo server needs for the same bytes under the same load. `usable = min(instances, cores
      left)`, because an instance runs on one thread. **`rows/s / ORT = ok/s / (bare ORT rows/s on
      one core x usable)`**. `CPU for a row / ORT = (server CPU - echo CPU) / bare ORT CPU`.
      """;

  @Option(names = "--models", description = "Models, one after another.", split = ",")
  private List<String> models = List.of("cnn", "tx");

  @Option(names = "--instances", description = "Instances of the model.")
  private int instances = 1;

  @Override
  void run(BenchSession session) throws Exception {
    StringBuilder body = new StringBuilder(FORMULA).append('\n');
    for (String name : models) {
      body.append(measure(session, BenchModel.named(name)));
    }
    session.publish(
        "How much of what ONNX Runtime alone computes on the cores left does Javelin deliver?",
        List.of(
            "instances: " + instances + ", intra-op threads 1 on both sides",
            "bare ORT: one session, one thread, pinned input and output, its best batch size"),
        body.toString());
  }

  private String measure(BenchSession session, BenchModel model)
      throws IOException, InterruptedException {
    List<LoadStep> loads = List.of(LoadStep.inFlight(64), LoadStep.inFlight(256));
    String file =
        session
            .registry(List.of(model))
            .resolve(model.name())
            .resolve("1")
            .resolve("model.onnx")
            .toString();
    ChildJvm bare = session.process("ort", OrtLoop.class, List.of(model.name(), file));
    bare.readLine();
    int batch = bestBatch(session, bare, model);
    Contestant javelin =
        session.javelin(
            JavelinLauncher.Setup.standard().withInstances(instances),
            model,
            session.traffic(model));
    Contestant echo = session.echoOf(javelin);
    List<Contestant> contestants = List.of(javelin, echo);
    session.warmUp(contestants, loads);
    List<Sample> samples = new ArrayList<>();
    for (int round = 1; round <= options().rounds(); round++) {
      samples.add(pass(bare, batch, round, options().slice()));
      samples.addAll(session.round(contestants, loads, round));
    }
    session.closeAllServers();
    return section(model, batch, new Samples(samples), loads);
  }

  private int bestBatch(BenchSession session, ChildJvm bare, BenchModel model) throws IOException {
    Duration length = options().slice().dividedBy(4);
    int best = 1;
    double bestRate = 0;
    for (int passNumber = 0; passNumber <= WARM_UP_PASSES; passNumber++) {
      for (int batch : BATCHES) {
        double rate = pass(bare, batch, passNumber, length).get(Figure.RATE);
        if (passNumber > 0 && rate > bestRate) {
          bestRate = rate;
          best = batch;
        }
      }
    }
    session.say(
        "bare ONNX Runtime on %s: best at %d rows, %s rows/s",
        model.name(), best, Numbers.grouped(bestRate, 0));
    return best;
  }

  private static Sample pass(ChildJvm bare, int batch, int round, Duration length)
      throws IOException {
    bare.writeLine(batch + " " + length.toMillis());
    List<Double> answer =
        List.of(bare.readLine().split(" ", -1)).stream().map(Double::valueOf).toList();
    double rows = answer.get(0) * batch;
    return new Sample(
        BARE,
        "batch=" + batch,
        round,
        Map.of(
            Figure.RATE,
            rows * 1e9 / answer.get(1),
            Figure.SERVER_CPU,
            answer.get(2) / 1e3 / rows,
            Figure.P50,
            answer.get(1) / 1e3 / answer.get(0)));
  }

  private String section(BenchModel model, int batch, Samples samples, List<LoadStep> loads) {
    Table table =
        new Table(
            List.of(
                "load",
                "rows/s / ORT (usable)",
                "rows/s / ORT (cores left)",
                "rows/s / ORT (1 core)",
                "CPU for a row / ORT",
                "cores left"));
    CoresLeft account =
        new CoresLeft(Runtime.getRuntime().availableProcessors(), instances, "batch=" + batch);
    for (LoadStep load : loads) {
      table.add(account.row(samples, load.label(), BARE));
    }
    return """
    ## %s (%s)

    %s
    %s
    %s
    """
        .formatted(
            model.name(),
            model.description(),
            table,
            samples.medianTable(FloorBenchmark.ALL),
            samples.rawTable(FloorBenchmark.ALL));
  }
}
