package io.javelin.benchmarks.bench;

import io.javelin.benchmarks.load.DurationConverter;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// Options that all benchmarks share.
final class BenchOptions {
  private static final Duration QUICK_SLICE = Duration.ofMillis(700);
  private static final Duration QUICK_WARM_UP = Duration.ofSeconds(5);
  private static final int QUICK_ROUNDS = 2;

  @Option(names = "--rounds", description = "Rounds; each loads every server once with every load.")
  private int rounds = 6;

  @Option(
      names = "--slice",
      description = "Length of one load on one server in one round.",
      converter = DurationConverter.class,
      defaultValue = "2500ms")
  private Duration slice = Duration.ZERO;

  @Option(
      names = "--warmup",
      description = "Load on each server before the first round; the compiler needs 10 to 20 s.",
      converter = DurationConverter.class,
      defaultValue = "15s")
  private Duration warmUp = Duration.ZERO;

  @Option(
      names = "--quick",
      description = "A smoke test: 2 rounds, short slices and warm-up. Its figures are worthless.")
  private boolean quick;

  @Option(names = "--users", description = "Distinct user ids, one in each request; 0 sends none.")
  private int users = 1_000;

  @Option(names = "--seed", description = "Seed of rows, arrivals and users.")
  private long seed = 1;

  @Option(
      names = "--out",
      description = "Result file; default <date>-<name>.md in benchmarks/results.",
      paramLabel = "FILE")
  private @Nullable Path out;

  int rounds() {
    return quick ? Math.min(rounds, QUICK_ROUNDS) : rounds;
  }

  Duration slice() {
    return quick && slice.compareTo(QUICK_SLICE) > 0 ? QUICK_SLICE : slice;
  }

  Duration warmUp() {
    return quick && warmUp.compareTo(QUICK_WARM_UP) > 0 ? QUICK_WARM_UP : warmUp;
  }

  boolean quick() {
    return quick;
  }

  int users() {
    return users;
  }

  long seed() {
    return seed;
  }

  @Nullable Path out() {
    return out;
  }

  String describe() {
    return "%d rounds of %d ms slices after %d ms of warm-up for each server, %d user ids, seed %d%s"
        .formatted(
            rounds(),
            slice().toMillis(),
            warmUp().toMillis(),
            users,
            seed,
            quick ? "; --quick: a smoke test, not a measurement" : "");
  }
}
