package io.javelin.benchmarks.start;

import io.javelin.benchmarks.load.RunManifest;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// `start`: how long the server takes from exec to ready and to its first answer, with and without
/// the AOT cache, in turn. Prints a Markdown table.
///
/// Each start is a process of its own on the demo registry. Its readiness is read off the HTTP
/// port; the first gRPC request it sees is the one that is timed. One start before the measured
/// ones warms this process's client and the file system.
@Command(
    name = "start",
    description = "Times the server's start, with and without the AOT cache.",
    mixinStandardHelpOptions = true,
    showDefaultValues = true)
public final class StartBenchmark implements Callable<Integer> {
  @Spec private @Nullable CommandSpec spec;

  @Option(names = "--runs", description = "Measured starts of each kind.")
  private int runs = 10;

  @Option(
      names = "--cache",
      description = "The AOT cache.",
      defaultValue = "${sys:javelin.home:-.}/benchmarks/target/dist/javelin.aot")
  private Path cache = Path.of("javelin.aot");

  @Option(
      names = "--demo-dir",
      description = "Folder with javelin.yaml and registry.",
      defaultValue = "${sys:javelin.home:-.}/server/demo")
  private Path demo = Path.of(".");

  private final LongSupplier nanoClock = System::nanoTime;
  private final InstantSource wallClock = InstantSource.system();

  @Override
  public Integer call() throws IOException {
    CommandSpec command = Objects.requireNonNull(spec);
    if (!Files.exists(cache)) {
      throw new ParameterException(
          command.commandLine(), "no AOT cache at " + cache + "; JAVELIN_REBUILD=1 makes it");
    }
    List<String> withCache = new ArrayList<>(ServerCommand.QUIET);
    withCache.add("-XX:AOTCache=" + cache);
    StartTimes plain = new StartTimes("without AOT cache");
    StartTimes cached = new StartTimes("with AOT cache");
    start(withCache);
    for (int i = 0; i < runs; i++) {
      plain.add(start(List.of()));
      cached.add(start(withCache));
    }
    PrintWriter out = command.commandLine().getOut();
    RunManifest manifest =
        RunManifest.ofThisProcess(
            wallClock.instant(), command.commandLine().getParseResult().originalArgs());
    out.print(StartTimes.markdown(manifest, plain, cached));
    out.flush();
    return 0;
  }

  private StartTimes.Sample start(List<String> options) throws IOException {
    try (WorkDirectory work = WorkDirectory.create()) {
      DemoConfig config = DemoConfig.write(demo, work.path());
      List<String> arguments = ServerCommand.likeThisProcess().arguments(options, config.file());
      Path log = work.path().resolve("server.log");
      try (ServerProcess server = ServerProcess.start(arguments, log, nanoClock);
          DemoClient client = new DemoClient(config.grpcPort())) {
        long readyNanos = server.awaitReady(new HttpProbe(config.httpPort(), "/v2/health/ready"));
        long sentNanos = server.age();
        client.askDigits();
        return new StartTimes.Sample(
            readyNanos, server.age(), server.age() - sentNanos, server.cpuNanos());
      }
    }
  }
}
