package io.javelin.benchmarks.bench;

import io.javelin.benchmarks.bench.client.SliceResult;
import io.javelin.benchmarks.bench.model.BenchModel;
import io.javelin.benchmarks.bench.process.JavelinLauncher;
import io.javelin.benchmarks.bench.report.Numbers;
import io.javelin.benchmarks.bench.report.Ratio;
import io.javelin.benchmarks.bench.report.Table;
import io.javelin.benchmarks.load.Arrivals;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// The highest load that a latency goal survives.
@Command(
    name = "rate",
    description = "Highest Poisson rate with p99 at most 5, 10 and 20 ms, beside the echo server.")
final class RateBenchmark extends Benchmark {
  private static final int SATURATING = 256;
  private static final int PROBES = 5;
  private static final int ROUNDS_PER_SEARCH = 3;
  private static final int MAJORITY = 2;
  private static final double ENOUGH = 0.99;

  @Mixin private ModelChoice choice = new ModelChoice();

  @Option(names = "--p99-ms", description = "Goals, rising.", split = ",")
  private List<Double> goals = List.of(5.0, 10.0, 20.0);

  /// @param perSecond the highest rate found
  private record Found(String server, double goalMillis, int search, double perSecond) {}

  private record Probe(String server, double perSecond, double p99Millis, boolean complete) {}

  private final List<Found> found = new ArrayList<>();
  private final List<Probe> probes = new ArrayList<>();

  @Override
  void run(BenchSession session) throws Exception {
    BenchModel model = choice.model();
    Contestant javelin =
        session.javelin(JavelinLauncher.Setup.standard(), model, session.traffic(model));
    List<Contestant> contestants = List.of(javelin, session.echoOf(javelin));
    session.warmUp(contestants, choice.loads());
    int searches = Math.max(1, options().rounds() / ROUNDS_PER_SEARCH);
    for (int search = 1; search <= searches; search++) {
      for (Contestant contestant : search % 2 == 1 ? contestants : contestants.reversed()) {
        search(session, contestant, search);
      }
    }
    session.publish(
        "How many requests per second can arrive at random before the tail is too long?",
        List.of(
            "model: " + model.name() + ", " + model.description(),
            "searches: %d, bisecting %d times for each goal; a rate holds when in two of three probes"
                    .formatted(searches, PROBES)
                + " p99 from the intended start is within the goal and 99 % were answered with OK"),
        body(contestants, searches));
  }

  private void search(BenchSession session, Contestant contestant, int search)
      throws IOException, InterruptedException {
    SliceResult saturated =
        contestant.measure(new Arrivals.ClosedLoop(SATURATING), options().slice()).slice();
    // The tail of a smaller goal is within a larger one: the search goes on from there.
    double good = 0;
    for (double goal : goals) {
      double bad = saturated.okPerSecond() * 1.05;
      for (int i = 0; i < PROBES && good < bad; i++) {
        double middle = (good + bad) / 2;
        if (isWithin(contestant, middle, goal)) {
          good = middle;
        } else {
          bad = middle;
        }
      }
      found.add(new Found(contestant.name(), goal, search, good));
      session.say(
          "%s: p99 <= %s ms up to %s/s",
          contestant.name(), Numbers.grouped(goal, 0), Numbers.grouped(good, 0));
    }
  }

  /// Two of three: one burst of something else on the machine must not end the search.
  private boolean isWithin(Contestant contestant, double perSecond, double goalMillis)
      throws IOException, InterruptedException {
    int within = 0;
    int beyond = 0;
    while (within < MAJORITY && beyond < MAJORITY) {
      if (isOnceWithin(contestant, perSecond, goalMillis)) {
        within++;
      } else {
        beyond++;
      }
    }
    return within == MAJORITY;
  }

  private boolean isOnceWithin(Contestant contestant, double perSecond, double goalMillis)
      throws IOException, InterruptedException {
    SliceResult slice =
        contestant.measure(new Arrivals.OpenLoop(perSecond), options().slice()).slice();
    double p99Millis = slice.micros(99) / 1e3;
    boolean complete = slice.counts().ok() >= ENOUGH * slice.counts().offered();
    probes.add(new Probe(contestant.name(), perSecond, p99Millis, complete));
    return complete && p99Millis <= goalMillis;
  }

  private String body(List<Contestant> contestants, int searches) {
    String server = contestants.getFirst().name();
    String base = contestants.getLast().name();
    Table table =
        new Table(List.of("p99 at most", server + " / " + base, server + " /s", base + " /s"));
    for (double goal : goals) {
      double[] ratios = new double[searches];
      double[] above = rates(server, goal);
      double[] below = rates(base, goal);
      for (int i = 0; i < searches; i++) {
        ratios[i] = below[i] == 0 ? Double.NaN : above[i] / below[i];
      }
      table.add(
          Numbers.grouped(goal, 0) + " ms",
          Ratio.of(ratios).toString(),
          Numbers.grouped(Numbers.median(above), 0),
          Numbers.grouped(Numbers.median(below), 0));
    }
    Table raw = new Table(List.of("server", "rate /s", "p99 ms", "99 % answered"));
    for (Probe probe : probes) {
      raw.add(
          probe.server(),
          Numbers.grouped(probe.perSecond(), 0),
          Numbers.grouped(probe.p99Millis(), 2),
          probe.complete() ? "yes" : "no");
    }
    return "## Highest rate: median of the searches [min-max]\n\n"
        + table
        + "\n## Every probe\n\n"
        + raw;
  }

  private double[] rates(String server, double goal) {
    return found.stream()
        .filter(entry -> entry.server().equals(server) && entry.goalMillis() == goal)
        .mapToDouble(Found::perSecond)
        .toArray();
  }
}
