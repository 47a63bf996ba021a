package io.javelin.benchmarks;

import io.javelin.benchmarks.bench.BenchCommand;
import io.javelin.benchmarks.demo.DemoCommand;
import io.javelin.benchmarks.load.LoadCommand;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/// The command line of this module; each subcommand is one tool.
@Command(
    name = "javelin",
    description = "Measures a running server.",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {DemoCommand.class, LoadCommand.class, BenchCommand.class})
public final class BenchmarksMain {
  // Its own name: the server's jar on the same class path may bring the default one.
  private static final String LOGGING = "benchmarks-logback.xml";
  private static final String LOGGING_PROPERTY = "logback.configurationFile";

  private BenchmarksMain() {}

  /// Runs one subcommand and exits with its code.
  public static void main(String[] args) {
    if (System.getProperty(LOGGING_PROPERTY) == null) {
      System.setProperty(LOGGING_PROPERTY, LOGGING);
    }
    System.exit(new CommandLine(new BenchmarksMain()).execute(args));
  }
}
