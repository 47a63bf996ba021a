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
import org.jspecify.annotations.Nullable;
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
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@State(Scope.Thread)
@Fork(1)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
public class RoutingBenchmark {
  private static final int USERS = 1 << 12;
  private static final String SPLIT_MODEL = "digits";
  private static final String PLAIN_MODEL = "cancer";

  private final RoutingTable table = compile();
  private final String[] users = new String[USERS];
  private int next;

  /// Prepares the user ids.
  public RoutingBenchmark() {
    for (int i = 0; i < USERS; i++) {
      users[i] = "user-" + i;
    }
  }

  /// A user of an experiment with two variants: one hash.
  @Benchmark
  public RouteDecision experiment() {
    return table.route(SPLIT_MODEL, nextUser());
  }

  /// A request without a user id: nothing is hashed.
  @Benchmark
  public RouteDecision experimentWithoutUser() {
    return table.route(SPLIT_MODEL, null);
  }

  /// A model that has no experiment.
  @Benchmark
  public RouteDecision noExperiment() {
    return table.route(PLAIN_MODEL, nextUser());
  }

  private @Nullable String nextUser() {
    next = (next + 1) & (USERS - 1);
    return users[next];
  }

  private static RoutingTable compile() {
    RouteSpec split =
        new RouteSpec(
            SPLIT_MODEL,
            "digits-canary",
            "digits-canary-1",
            true,
            "control",
            List.of(
                new VariantSpec("control", Variant.LATEST, 0, null),
                new VariantSpec("canary", 2, 500, null)),
            List.of(),
            Map.of(),
            List.of(),
            null);
    return switch (new RoutingTableCompiler().compile(1, List.of(split), null)) {
      case Result.Compiled(RoutingTable compiled) -> compiled;
      case Result.Rejected(var errors) -> throw new IllegalStateException(errors.toString());
    };
  }
}
