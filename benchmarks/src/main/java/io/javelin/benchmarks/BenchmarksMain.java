package io.javelin.benchmarks;

import io.javelin.benchmarks.load.LoadCommand;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/// The command line of this module; each subcommand is one tool.
@Command(
    name = "benchmarks",
    description = "Measures a running server.",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {LoadCommand.class})
public final class BenchmarksMain {
  private BenchmarksMain() {}

  /// Runs one subcommand and exits with its code.
  public static void main(String[] args) {
    System.exit(new CommandLine(new BenchmarksMain()).execute(args));
  }
}
