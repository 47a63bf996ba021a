package io.javelin.server;

import io.javelin.server.config.ConfigParser;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// The command line: parse, start, wait.
@Command(
    name = "javelin",
    mixinStandardHelpOptions = true,
    version = "javelin " + ServerVersion.TEXT,
    description = "Low-latency gRPC model serving.",
    subcommands = {ServerMain.Serve.class, ServerMain.Check.class})
public final class ServerMain {
  private static final Logger LOG = LoggerFactory.getLogger(ServerMain.class);

  private ServerMain() {}

  /// Runs the command and exits with its code: 0 success, 1 refused or failed, 2 wrong usage.
  public static void main(String[] arguments) throws Exception {
    int code =
        isPlainServe(arguments)
            ? Serve.run(Path.of(arguments[2]))
            : new CommandLine(new ServerMain()).execute(arguments);
    if (code != 0) {
      System.exit(code);
    }
  }

  /// The usual call, which starts without the command line library: its class files are too old for
  /// the AOT cache, and reading them takes a tenth of a second. Anything else, mistakes included,
  /// is the library's.
  private static boolean isPlainServe(String[] arguments) {
    return arguments.length == 3
        && arguments[0].equals("serve")
        && arguments[1].equals("--config")
        && !arguments[2].startsWith("-");
  }

  /// Serves until SIGTERM or SIGINT.
  @Command(
      name = "serve",
      mixinStandardHelpOptions = true,
      description = "Start the server and serve until it is told to stop.")
  static final class Serve implements Callable<Integer> {
    @Option(names = "--config", required = true, description = "configuration file (YAML)")
    private Path config = Path.of("javelin.yaml");

    @Override
    public Integer call() throws Exception {
      return run(config);
    }

    private static int run(Path config) throws InterruptedException {
      JavelinServer server;
      try {
        server = JavelinServer.start(config);
      } catch (StartFailedException e) {
        System.err.println(e.getMessage());
        return 1;
      }
      Runtime.getRuntime()
          .addShutdownHook(Thread.ofPlatform().name("graceful-shutdown").unstarted(server::close));
      var announced = server.ready().thenRun(() -> LOG.info("ready"));
      server.awaitStop();
      announced.cancel(false);
      return 0;
    }
  }

  /// Validates a configuration without starting anything.
  @Command(
      name = "check",
      mixinStandardHelpOptions = true,
      description = "Validate a configuration file; list every mistake.")
  static final class Check implements Callable<Integer> {
    @Parameters(paramLabel = "FILE", description = "configuration file (YAML)")
    private Path file = Path.of("javelin.yaml");

    @Override
    public Integer call() {
      return switch (new ConfigParser().parse(file)) {
        case ConfigParser.Result.Valid valid -> {
          System.out.printf(
              "%s: valid, %d models, sha256 %s%n",
              file, valid.config().models().size(), valid.sha256());
          yield 0;
        }
        case ConfigParser.Result.Invalid invalid -> {
          System.err.println(invalid.describe());
          System.err.printf("%d mistakes; nothing was changed%n", invalid.errors().size());
          yield 1;
        }
      };
    }
  }
}
