package io.javelin.benchmarks.start;

import picocli.CommandLine;
import picocli.CommandLine.Command;

/// The command line of this package for the launcher's build step: `train` and `start`.
@Command(
    name = "start",
    description = "The server's start.",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {TrainingRun.class, StartBenchmark.class})
public final class StartMain {
  private StartMain() {}

  /// Runs one subcommand and exits with its code.
  public static void main(String[] args) {
    System.exit(new CommandLine(new StartMain()).execute(args));
  }
}
