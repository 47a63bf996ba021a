package io.javelin.benchmarks.bench;

import io.javelin.benchmarks.bench.model.BenchModel;
import io.javelin.benchmarks.bench.process.JavelinLauncher;
import io.javelin.benchmarks.bench.report.Figure;
import io.javelin.benchmarks.bench.report.Samples;
import io.javelin.benchmarks.bench.report.Table;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// Garbage per request.
@Command(
    name = "alloc",
    description = "Bytes allocated per request, for a 128-byte row and a 600-KB tensor.")
final class AllocBenchmark extends Benchmark {
  private static final List<LoadStep> SMALL = List.of(LoadStep.inFlight(1), LoadStep.inFlight(64));
  private static final List<LoadStep> LARGE = List.of(LoadStep.inFlight(1), LoadStep.inFlight(4));

  @Option(names = "--payload", description = "Bytes of the large tensor.")
  private int payloadBytes = 224 * 224 * 3 * Float.BYTES;

  @Override
  void run(BenchSession session) throws Exception {
    Table table =
        new Table(List.of("tensor", "load", "Javelin / echo", "Javelin B/req", "echo B/req"));
    StringBuilder rest = new StringBuilder();
    measure(session, BenchModel.mlp(), SMALL, table, rest);
    measure(session, BenchModel.mean(payloadBytes), LARGE, table, rest);
    session.publish(
        "How much garbage does a request leave behind, beside that of a server that does nothing?",
        List.of(
            "B/req: allocated on the heap by all threads of the server's process, divided by answers",
            "Javelin: validation, metrics and an A/A experiment on the user id of every request"),
        "## Bytes per request: ratio as median of the rounds [min-max], medians\n\n"
            + table
            + rest);
  }

  private static void measure(
      BenchSession session, BenchModel model, List<LoadStep> loads, Table table, StringBuilder rest)
      throws IOException, InterruptedException {
    Contestant javelin =
        session.javelin(JavelinLauncher.Setup.standard(), model, session.traffic(model));
    Contestant echo = session.echoOf(javelin);
    List<Contestant> contestants = List.of(javelin, echo);
    session.warmUp(contestants, loads);
    Samples samples = session.rotate(contestants, loads);
    session.closeAllServers();
    for (String load : samples.loads()) {
      List<String> row = new ArrayList<>();
      row.add(model.rowBytes() + " B");
      row.add(load);
      row.add(samples.ratio(javelin.name(), echo.name(), load, Figure.SERVER_BYTES).toString());
      for (Contestant contestant : contestants) {
        row.add(
            Figure.SERVER_BYTES.format(
                samples.median(contestant.name(), load, Figure.SERVER_BYTES)));
      }
      table.add(row);
    }
    rest.append("\n## Every round, ")
        .append(model.description())
        .append("\n\n")
        .append(samples.rawTable(FloorBenchmark.ALL));
  }
}
