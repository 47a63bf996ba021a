package io.javelin.benchmarks.bench;

import io.javelin.benchmarks.start.StartBenchmark;
import java.io.PrintWriter;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/// `bench`: each subcommand is one benchmark. Without one it lists them.
@Command(
    name = "bench",
    description = "Benchmarks that print ratios; without a name: the list.",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "NAME",
    subcommands = {
      FloorBenchmark.class,
      OrtBenchmark.class,
      NaiveBenchmark.class,
      MetricsBenchmark.class,
      OverloadBenchmark.class,
      AllocBenchmark.class,
      RateBenchmark.class,
      PeerBenchmark.class,
      StartBenchmark.class,
      ModelsCommand.class
    })
public final class BenchCommand implements Runnable {
  @Spec private @Nullable CommandSpec spec;

  @Override
  public void run() {
    list();
  }

  @Command(name = "list", description = "Explain each benchmark in a line.")
  void list() {
    CommandLine command = Objects.requireNonNull(spec).commandLine();
    PrintWriter out = command.getOut();
    out.println("./javelin bench NAME [options]; NAME --help lists the options");
    out.println();
    command
        .getSubcommands()
        .forEach((name, benchmark) ->
            out.printf(
                "  %-9s %s%n", name, benchmark.getCommandSpec().usageMessage().description()[0]));
    out.flush();
  }
}
