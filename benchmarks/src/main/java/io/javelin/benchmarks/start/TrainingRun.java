package io.javelin.benchmarks.start;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.LongSupplier;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `train`: makes the AOT cache of the server. Runs the real server on the demo registry, asks it
/// through its ports like users, probes and a scraper would, and stops it; the JVM then writes what
/// it loaded and profiled.
///
/// Exit code 0 when the cache is there, 1 when it could not be made: the server starts without it.
@Command(
    name = "train",
    description = "Make the server's AOT cache.",
    mixinStandardHelpOptions = true,
    showDefaultValues = true)
public final class TrainingRun implements Callable<Integer> {
  @Option(names = "--output", required = true, description = "File of the cache.")
  private Path output = Path.of("javelin.aot");

  @Option(names = "--requests", description = "Requests to each model.")
  private int requests = 1_000;

  @Option(
      names = "--demo-dir",
      description = "Folder with javelin.yaml and registry.",
      defaultValue = "${sys:javelin.home:-.}/server/demo")
  private Path demo = Path.of(".");

  private final LongSupplier nanoClock = System::nanoTime;

  @Override
  public Integer call() throws IOException {
    Path made = output.resolveSibling(output.getFileName() + ".new");
    try (WorkDirectory work = WorkDirectory.create()) {
      DemoConfig config = DemoConfig.write(demo, work.path());
      Path log = work.path().resolve("server.log");
      train(config, made, log);
      if (!Files.exists(made)) {
        System.err.printf("the JVM made no AOT cache:%n%s", Files.readString(log));
        return 1;
      }
    }
    // In one step, so that a server that starts meanwhile sees the old file or the new one.
    Files.move(made, output, StandardCopyOption.REPLACE_EXISTING);
    return 0;
  }

  private void train(DemoConfig config, Path cache, Path log) throws IOException {
    List<String> arguments =
        ServerCommand.likeThisProcess()
            .arguments(List.of("-XX:AOTCacheOutput=" + cache), config.file());
    HttpProbe ready = new HttpProbe(config.httpPort(), "/v2/health/ready");
    try (ServerProcess server = ServerProcess.start(arguments, log, nanoClock);
        DemoClient client = new DemoClient(config.grpcPort())) {
      server.awaitReady(ready);
      for (int i = 0; i < requests; i++) {
        client.askDigits();
        client.askCancer();
      }
      new HttpProbe(config.metricsPort(), "/metrics").get();
    }
  }
}
