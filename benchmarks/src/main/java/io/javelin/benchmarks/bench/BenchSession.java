package io.javelin.benchmarks.bench;

import io.javelin.benchmarks.bench.client.LeanClient;
import io.javelin.benchmarks.bench.client.Traffic;
import io.javelin.benchmarks.bench.model.BenchModel;
import io.javelin.benchmarks.bench.model.BenchRegistry;
import io.javelin.benchmarks.bench.process.ChildJvm;
import io.javelin.benchmarks.bench.process.JavelinLauncher;
import io.javelin.benchmarks.bench.process.JvmServer;
import io.javelin.benchmarks.bench.process.ServerUnderTest;
import io.javelin.benchmarks.bench.report.ResultFile;
import io.javelin.benchmarks.bench.report.Sample;
import io.javelin.benchmarks.bench.report.Samples;
import io.javelin.benchmarks.bench.server.EchoServer;
import io.javelin.benchmarks.load.RunManifest;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.stream.Stream;
import picocli.CommandLine.Model.CommandSpec;

/// One run of a benchmark: starts servers, loads them in turn, writes the result, and stops and
/// removes everything at the end. Used by one thread.
final class BenchSession implements AutoCloseable {
  private static final int DIFFERENT_REQUESTS = 64;
  private static final int LARGE_REQUEST_BYTES = 100_000;
  private static final int DIFFERENT_LARGE_REQUESTS = 4;
  private static final Duration WARM_UP_SLICE = Duration.ofSeconds(1);

  private final BenchOptions options;
  private final CommandSpec command;
  private final RunManifest manifest;
  private final Path directory;
  private final JavelinLauncher launcher;
  private final Deque<AutoCloseable> opened = new ArrayDeque<>();

  private BenchSession(BenchOptions options, CommandSpec command) throws IOException {
    this.options = options;
    this.command = command;
    List<String> arguments = command.root().commandLine().getParseResult().originalArgs();
    manifest = RunManifest.ofThisProcess(InstantSource.system().instant(), arguments);
    directory = Files.createTempDirectory("javelin-bench-");
    launcher = new JavelinLauncher(directory, System::nanoTime);
  }

  static BenchSession open(BenchOptions options, CommandSpec command) throws IOException {
    BenchSession session = new BenchSession(options, command);
    session.say("%s: %s", command.name(), command.usageMessage().description()[0]);
    session.say("%s", options.describe());
    return session;
  }

  /// Prints a line of progress.
  void say(String format, Object... values) {
    PrintWriter out = command.commandLine().getOut();
    out.printf(format + "%n", values);
    out.flush();
  }

  /// Requests for `model` as the options want them.
  Traffic traffic(BenchModel model) {
    return traffic(model, options.users(), Duration.ZERO);
  }

  Traffic traffic(BenchModel model, int users, Duration deadline) {
    int different =
        model.rowBytes() < LARGE_REQUEST_BYTES ? DIFFERENT_REQUESTS : DIFFERENT_LARGE_REQUESTS;
    return new Traffic(model.requests(different, options.seed()), users, deadline, options.seed());
  }

  /// Starts Javelin and connects to it.
  Contestant javelin(JavelinLauncher.Setup setup, BenchModel model, Traffic traffic)
      throws IOException, InterruptedException {
    say("starting %s with model %s (%s)", setup.name(), model.name(), model.description());
    return connect(launcher.start(setup, List.of(model)), traffic);
  }

  /// Starts the echo server with the answer that `other` gives, so that both send the same bytes.
  Contestant echoOf(Contestant other) throws IOException, InterruptedException {
    byte[] answer = other.client().ask(other.traffic().requests().getFirst());
    Path file = Files.write(Files.createTempFile(directory, "answer", ".bin"), answer);
    int loops = Math.max(1, Runtime.getRuntime().availableProcessors() / 2);
    say("starting the echo server: %d-byte answers, %d event loop(s)", answer.length, loops);
    return connect(
        child("echo", EchoServer.class, List.of(file.toString(), Integer.toString(loops))),
        other.traffic());
  }

  /// Starts a server whose main class prints its port.
  JvmServer child(String name, Class<?> main, List<String> arguments) throws IOException {
    return JvmServer.withPortOnOutput(name, process(name, main, arguments));
  }

  /// Starts a process; it is stopped with the session.
  ChildJvm process(String name, Class<?> main, List<String> arguments) throws IOException {
    Path log = Files.createTempFile(directory, name, ".log");
    ChildJvm jvm = ChildJvm.start(main.getName(), List.of(), arguments, log);
    opened.push(jvm);
    return jvm;
  }

  /// Writes models to a folder of this session.
  Path registry(List<BenchModel> models) throws IOException {
    Path folder = Files.createTempDirectory(directory, "registry-");
    BenchRegistry.write(folder, models);
    return folder;
  }

  /// Connects to a server, which is closed with the session.
  Contestant connect(ServerUnderTest server, Traffic traffic) {
    opened.push(server);
    LeanClient client = new LeanClient(server.address(), System::nanoTime);
    opened.push(client);
    return new Contestant(server, client, traffic);
  }

  /// Loads every server for the warm-up time, in turn, with every load.
  void warmUp(List<Contestant> contestants, List<LoadStep> loads)
      throws IOException, InterruptedException {
    say("warming up");
    Duration slice =
        WARM_UP_SLICE.compareTo(options.warmUp()) < 0 ? WARM_UP_SLICE : options.warmUp();
    long slices = slice.isZero() ? 0 : options.warmUp().dividedBy(slice);
    for (int i = 0; i < slices; i++) {
      LoadStep load = loads.get(i % loads.size());
      for (Contestant contestant : contestants) {
        contestant.measure(load.arrivals(), slice);
      }
    }
  }

  /// Loads the servers in turn, `rounds` times.
  Samples rotate(List<Contestant> contestants, List<LoadStep> loads)
      throws IOException, InterruptedException {
    List<Sample> samples = new ArrayList<>();
    for (int round = 1; round <= options.rounds(); round++) {
      samples.addAll(round(contestants, loads, round));
    }
    return new Samples(samples);
  }

  /// One round; every other one in the reverse order, so that none always comes after the same one.
  List<Sample> round(List<Contestant> contestants, List<LoadStep> loads, int round)
      throws IOException, InterruptedException {
    List<Sample> samples = new ArrayList<>();
    List<Contestant> order = round % 2 == 1 ? contestants : contestants.reversed();
    for (LoadStep load : loads) {
      for (Contestant contestant : order) {
        samples.add(contestant.sample(load, round, options.slice()));
      }
    }
    say("round %d of %d done", round, options.rounds());
    return samples;
  }

  /// Prints the result and writes its file.
  void publish(String question, List<String> settings, String body) throws IOException {
    PrintWriter out = command.commandLine().getOut();
    out.println();
    out.print(body);
    Path home = Path.of(System.getProperty("javelin.home", "."));
    Path chosen = options.out();
    Path file =
        chosen == null
            ? ResultFile.next(
                home.resolve("benchmarks").resolve("results"), command.name(), manifest)
            : chosen;
    List<String> all = new ArrayList<>(List.of(options.describe()));
    all.addAll(settings);
    ResultFile.write(
        file,
        new ResultFile.Result(command.name(), question, all, body),
        manifest,
        ManagementFactory.getRuntimeMXBean().getInputArguments());
    out.println();
    out.println("result file: " + file.toAbsolutePath().normalize());
    out.flush();
  }

  /// Stops every process that was started, and closes the clients.
  void closeAllServers() {
    while (!opened.isEmpty()) {
      try {
        opened.pop().close();
      } catch (Exception e) {
        command.commandLine().getErr().println("while stopping: " + e);
      }
    }
  }

  @Override
  public void close() {
    closeAllServers();
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    } catch (IOException | UncheckedIOException e) {
      command.commandLine().getErr().println("not removed: " + directory + ": " + e.getMessage());
    }
  }
}
