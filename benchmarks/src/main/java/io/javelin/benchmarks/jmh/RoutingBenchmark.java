package io.javelin.benchmarks.jmh;

import io.javelin.router.RouteDecision;
import io.javelin.router.RouteSpec;
import io.javelin.router.RouteSpec.VariantSpec;
import io.javelin.router.RoutingTable;
import io.javelin.router.RoutingTableCompiler;
import io.javelin.router.RoutingTableCompiler.Result;
import io.javelin.router.Variant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/// What it costs to choose a variant for one request.
///
/// Names are equal to those of the table but never the same objects, as they are in the server,
/// which reads them from the wire.
///
/// ```
/// java --enable-native-access=ALL-UNNAMED -cp 'benchmarks/target/dist/lib/*' org.openjdk.jmh.Main \
///     RoutingBenchmark -prof gc
/// ```
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@State(Scope.Thread)
@Fork(1)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
public class RoutingBenchmark {
  private static final int REQUESTS = 1 << 12;
  private static final int EXPERIMENTS = 8;

  private final RoutingTable table = compile();
  private final String[] users = new String[REQUESTS];
  private final String[] splitModels = new String[REQUESTS];
  private final String[] plainModels = new String[REQUESTS];
  private int next;

  /// Prepares the requests.
  public RoutingBenchmark() {
    for (int i = 0; i < REQUESTS; i++) {
      users[i] = "user-" + i;
      splitModels[i] = splitModel(i % EXPERIMENTS);
      plainModels[i] = "plain-" + i % EXPERIMENTS;
    }
  }

  /// A user of an experiment with two variants: one hash.
  @Benchmark
  public RouteDecision experiment() {
    int request = nextRequest();
    return table.route(splitModels[request], users[request]);
  }

  /// A request without a user id: nothing is hashed.
  @Benchmark
  public RouteDecision experimentWithoutUser() {
    return table.route(splitModels[nextRequest()], null);
  }

  /// A model that has no experiment.
  @Benchmark
  public RouteDecision noExperiment() {
    int request = nextRequest();
    return table.route(plainModels[request], users[request]);
  }

  private int nextRequest() {
    next = (next + 1) & (REQUESTS - 1);
    return next;
  }

  private static String splitModel(int index) {
    return "split-" + index;
  }

  private static RoutingTable compile() {
    List<RouteSpec> specs =
        IntStream.range(0, EXPERIMENTS).mapToObj(RoutingBenchmark::specOf).toList();
    return switch (new RoutingTableCompiler().compile(1, specs, null)) {
      case Result.Compiled(RoutingTable compiled) -> compiled;
      case Result.Rejected(var errors) -> throw new IllegalStateException(errors.toString());
    };
  }

  private static RouteSpec specOf(int index) {
    return new RouteSpec(
        splitModel(index),
        "canary-" + index,
        "canary-salt-" + index,
        true,
        "control",
        List.of(
            new VariantSpec("control", Variant.LATEST, 0, null),
            new VariantSpec("canary", 2, 500, null)),
        List.of(),
        Map.of(),
        List.of(),
        null);
  }
}
