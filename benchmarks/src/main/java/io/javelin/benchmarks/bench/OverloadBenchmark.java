package io.javelin.benchmarks.bench;

import io.grpc.Status;
import io.javelin.benchmarks.bench.client.SliceResult;
import io.javelin.benchmarks.bench.client.Traffic;
import io.javelin.benchmarks.bench.model.BenchModel;
import io.javelin.benchmarks.bench.process.JavelinLauncher;
import io.javelin.benchmarks.bench.report.Numbers;
import io.javelin.benchmarks.bench.report.Ratio;
import io.javelin.benchmarks.bench.report.Table;
import io.javelin.benchmarks.load.Arrivals;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// More load than the server can carry.
@Command(
    name = "overload",
    description = "Goodput at 0.5 to 3 x capacity with a deadline: does it bend or break?")
final class OverloadBenchmark extends Benchmark {
  private static final int CAPACITY_IN_FLIGHT = 64;
  private static final int CAPACITY_SLICES = 3;

  @Mixin private ModelChoice choice = new ModelChoice("tx");

  @Option(names = "--deadline-ms", description = "Of each request, from its intended start.")
  private long deadlineMillis = 50;

  @Option(names = "--factors", description = "Offered load / capacity.", split = ",")
  private List<Double> factors = List.of(0.5, 1.0, 1.5, 2.0, 3.0);

  /// @param factor offered load / capacity
  private record Point(double factor, int round, Contestant.Measured measured) {
    SliceResult slice() {
      return measured.slice();
    }
  }

  @Override
  void run(BenchSession session) throws Exception {
    BenchModel model = choice.model();
    Duration deadline = Duration.ofMillis(deadlineMillis);
    Traffic patient = session.traffic(model);
    Traffic impatient = session.traffic(model, options().users(), deadline);
    Contestant javelin = session.javelin(JavelinLauncher.Setup.standard(), model, patient);
    session.warmUp(List.of(javelin), List.of(LoadStep.inFlight(CAPACITY_IN_FLIGHT)));
    double capacity = capacity(javelin);
    session.say("capacity: %s answers/s", Numbers.grouped(capacity, 0));
    // Refusing is a path of its own, and has to be compiled as well.
    javelin.measure(impatient, new Arrivals.OpenLoop(3 * capacity), options().slice());
    List<Point> points = new ArrayList<>();
    for (int round = 1; round <= options().rounds(); round++) {
      for (double factor : factors) {
        Arrivals arrivals = new Arrivals.OpenLoop(factor * capacity);
        points.add(
            new Point(factor, round, javelin.measure(impatient, arrivals, options().slice())));
      }
      session.say("round %d of %d done", round, options().rounds());
    }
    session.publish(
        "How much useful work is left when more is asked than can be done?",
        List.of(
            "model: " + model.name() + ", " + model.description(),
            "capacity: %s answers/s, closed loop, %d in flight, median of %d"
                .formatted(Numbers.grouped(capacity, 0), CAPACITY_IN_FLIGHT, CAPACITY_SLICES),
            "deadline: " + deadlineMillis + " ms from the intended start, Poisson arrivals",
            "goodput: OK answers before the deadline per second; peak: the best factor's median"),
        body(points));
  }

  private double capacity(Contestant javelin) throws IOException, InterruptedException {
    double[] rates = new double[CAPACITY_SLICES];
    for (int i = 0; i < rates.length; i++) {
      Arrivals full = new Arrivals.ClosedLoop(CAPACITY_IN_FLIGHT);
      rates[i] = javelin.measure(full, options().slice()).slice().okPerSecond();
    }
    return Numbers.median(rates);
  }

  private String body(List<Point> points) {
    double peak = factors.stream().mapToDouble(factor -> goodput(points, factor)).max().orElse(0);
    Table table =
        new Table(
            List.of(
                "x capacity",
                "goodput / peak",
                "in time / offered",
                "refused early / offered",
                "offered/s",
                "goodput/s",
                "p99 accepted ms",
                "p99 refused ms",
                "client lag p99 ms",
                "not OK"));
    for (double factor : factors) {
      table.add(row(at(points, factor), peak));
    }
    Table raw =
        new Table(List.of("x capacity", "round", "offered/s", "goodput/s", "p99 ms", "not OK"));
    for (Point point : points) {
      raw.add(
          Numbers.ratio(point.factor()),
          Integer.toString(point.round()),
          Numbers.grouped(point.slice().offeredPerSecond(), 0),
          Numbers.grouped(point.slice().inTimePerSecond(), 0),
          Numbers.grouped(point.slice().micros(99) / 1e3, 2),
          codes(List.of(point)));
    }
    return """
    ## Goodput: median of the rounds [min-max]

    %s
    Refused early: errors that came before the deadline. A client that is late itself (client lag) has no core left to send with: then the machine, not
    the server, is the limit.

    ## Every round

    %s\
    """
        .formatted(table, raw);
  }

  private List<String> row(List<Point> points, double peak) {
    return List.of(
        Numbers.ratio(points.getFirst().factor()),
        Ratio.of(values(points, point -> point.slice().inTimePerSecond() / peak)).toString(),
        Ratio.of(values(points, point -> share(point, point.slice().counts().inTime()))).toString(),
        Ratio.of(values(points, point -> share(point, refusedEarly(point)))).toString(),
        Numbers.grouped(median(points, point -> point.slice().offeredPerSecond()), 0),
        Numbers.grouped(median(points, point -> point.slice().inTimePerSecond()), 0),
        Numbers.grouped(median(points, point -> point.slice().micros(99) / 1e3), 2),
        Numbers.grouped(
            median(points, point -> point.slice().refusalLatency().getValueAtPercentile(99) / 1e6),
            2),
        Numbers.grouped(
            median(points, point -> point.slice().sendLag().getValueAtPercentile(99) / 1e6), 2),
        codes(points));
  }

  /// Errors that came before the deadline: the caller has time left to do something else.
  private long refusedEarly(Point point) {
    long deadlineNanos = TimeUnit.MILLISECONDS.toNanos(deadlineMillis);
    return point.slice().refusalLatency().getCountBetweenValues(0, deadlineNanos);
  }

  private static double share(Point point, long count) {
    return (double) count / Math.max(1, point.slice().counts().offered());
  }

  private static double goodput(List<Point> points, double factor) {
    return median(at(points, factor), point -> point.slice().inTimePerSecond());
  }

  private static List<Point> at(List<Point> points, double factor) {
    return points.stream().filter(point -> point.factor() == factor).toList();
  }

  private static double median(List<Point> points, ToDoubleFunction<Point> value) {
    return Numbers.median(values(points, value));
  }

  private static double[] values(List<Point> points, ToDoubleFunction<Point> value) {
    return points.stream().mapToDouble(value).toArray();
  }

  /// Shares of the offered requests by what they ended with, as text.
  private static String codes(List<Point> points) {
    long offered = points.stream().mapToLong(point -> point.slice().counts().offered()).sum();
    Map<String, Long> counts = new TreeMap<>();
    for (Point point : points) {
      for (Map.Entry<Status.Code, Long> failure : point.slice().failures().entrySet()) {
        counts.merge(failure.getKey().name(), failure.getValue(), Long::sum);
      }
      SliceResult.Counts slice = point.slice().counts();
      counts.merge("late OK", slice.ok() - slice.inTime(), Long::sum);
      counts.merge("not sent", slice.overruns(), Long::sum);
      counts.merge("unanswered", slice.unanswered(), Long::sum);
    }
    return counts.entrySet().stream()
        .filter(entry -> entry.getValue() > 0)
        .map(entry ->
            "%s %s %%"
                .formatted(
                    entry.getKey(),
                    Numbers.grouped(100.0 * entry.getValue() / Math.max(1, offered), 1)))
        .collect(Collectors.joining(", "));
  }
}
