package io.javelin.benchmarks.demo;

import io.grpc.StatusRuntimeException;
import io.javelin.benchmarks.demo.DemoSummary.ModelView;
import io.javelin.benchmarks.load.ClientChannels;
import io.javelin.benchmarks.load.DurationConverter;
import io.javelin.server.JavelinServer;
import io.javelin.server.StartFailedException;
import java.io.Console;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `demo`: starts the server on the bundled registry and drives real rows through its gRPC port.
///
/// Exit code 0 when every request was answered, 1 otherwise.
@Command(
    name = "demo",
    description = "Serve the bundled models with real traffic and a live summary.",
    mixinStandardHelpOptions = true,
    showDefaultValues = true)
public final class DemoCommand implements Callable<Integer> {
  private static final List<String> MODELS = List.of("cancer", "digits");
  private static final Duration ENDLESS = Duration.ofDays(365);
  private static final long READY_SECONDS = 60;
  private static final String CLEAR_LINE_AND_DOWN = "\u001b[0J";

  @Option(
      names = "--duration",
      description = "How long to send; 0s = until interrupted.",
      converter = DurationConverter.class,
      defaultValue = "0s")
  private Duration duration = Duration.ZERO;

  @Option(names = "--rate", description = "Requests per second and model.")
  private double rate = 500;

  @Option(
      names = "--demo-dir",
      description = "Folder with javelin.yaml, registry and data.",
      defaultValue = "${sys:javelin.home:-.}/server/demo")
  private Path directory = Path.of(".");

  private final PrintStream out = System.out;
  private final boolean terminal = isTerminal();
  private int printedLines;

  @Override
  public Integer call() throws IOException, InterruptedException {
    Path config = directory.resolve("javelin.yaml").normalize();
    out.printf("demo: starting the server with %s%n", config);
    long start = System.nanoTime();
    try (JavelinServer server = JavelinServer.start(config)) {
      awaitReady(server);
      out.printf("demo: ready after %.1f s%n", seconds(start));
      return drive(server, start);
    } catch (StartFailedException | TimeoutException e) {
      out.println("demo: " + e.getMessage());
      return 1;
    }
  }

  private void awaitReady(JavelinServer server) throws InterruptedException, TimeoutException {
    try {
      server.ready().get(READY_SECONDS, TimeUnit.SECONDS);
    } catch (TimeoutException e) {
      throw new TimeoutException("not ready after " + READY_SECONDS + " s; the log above says why");
    } catch (ExecutionException e) {
      throw new IllegalStateException(e);
    }
  }

  private int drive(JavelinServer server, long start) throws IOException, InterruptedException {
    InetSocketAddress address =
        new InetSocketAddress(InetAddress.getLoopbackAddress(), server.grpcPort());
    ServerMetrics metrics = new ServerMetrics(server.metricsPort());
    try (ClientChannels channels = new ClientChannels(address, 1);
        DemoTraffic demo = new DemoTraffic()) {
      List<ModelTraffic> traffic = demo.models();
      for (String model : MODELS) {
        Path rows = directory.resolve("data").resolve(model + ".csv");
        traffic.add(ModelTraffic.start(model, rows, channels, rate, sendingTime()));
      }
      out.printf("demo: first prediction after %.1f s%n", seconds(firstAnswer(traffic, start)));
      whereToLook(server, metrics);
      List<ModelView> end = watch(traffic, metrics);
      return report(end);
    } catch (StatusRuntimeException e) {
      out.println("demo: the server answered " + e.getStatus());
      return 1;
    }
  }

  /// The traffic of all models; closing it waits for the answers.
  private record DemoTraffic(List<ModelTraffic> models) implements AutoCloseable {
    DemoTraffic() {
      this(new ArrayList<>());
    }

    @Override
    public void close() {
      models.forEach(ModelTraffic::close);
    }
  }

  private Duration sendingTime() {
    return duration.isZero() ? ENDLESS : duration;
  }

  /// Waits for the first answer; returns `start` when it has come.
  private static long firstAnswer(List<ModelTraffic> traffic, long start)
      throws InterruptedException {
    while (traffic.stream().noneMatch(ModelTraffic::hasAnswers)) {
      if (traffic.getFirst().awaitEnd(Duration.ofMillis(5))) {
        return start;
      }
    }
    return start;
  }

  private void whereToLook(JavelinServer server, ServerMetrics metrics) {
    out.printf(
        """

        %s requests/s for each model, one held-out row each, from 10,000 user ids; latencies count
        after 3 s of warm-up
          metrics     %s
          ask it      grpcurl -plaintext 127.0.0.1:%d list
          routing     grpcurl -plaintext 127.0.0.1:%d javelin.v1.AdminService/GetRouting
          change it   edit %s; it is applied without a restart

        """,
        Math.round(rate),
        metrics.page(),
        server.grpcPort(),
        server.adminPort(),
        directory.resolve("javelin.yaml").normalize());
  }

  private List<ModelView> watch(List<ModelTraffic> traffic, ServerMetrics metrics)
      throws IOException, InterruptedException {
    boolean ended = false;
    List<ModelView> views = List.of();
    for (int second = 1; !ended; second++) {
      ended = awaitAll(traffic);
      views = views(traffic, metrics.read());
      boolean due = terminal || second % 5 == 0;
      if (ended || (due && traffic.getLast().isMeasuring())) {
        print(DemoSummary.lines(views));
      }
    }
    return views;
  }

  private static boolean awaitAll(List<ModelTraffic> traffic) throws InterruptedException {
    boolean ended = traffic.getFirst().awaitEnd(Duration.ofSeconds(1));
    for (ModelTraffic model : traffic) {
      ended &= model.awaitEnd(ended ? Duration.ofSeconds(10) : Duration.ofMillis(1));
    }
    return ended;
  }

  private static List<ModelView> views(List<ModelTraffic> traffic, ServerMetrics.Page page) {
    return traffic.stream()
        .map(model ->
            new ModelView(
                model.model(),
                model.snapshot(),
                model.accuracy(),
                page.meanBatchSize(model.model()),
                page.shadowRows(model.model()),
                page.agreeingShadowRows(model.model())))
        .toList();
  }

  /// On a terminal the table stays in place.
  private void print(List<String> lines) {
    if (terminal && printedLines > 0) {
      out.printf("\u001b[%dA%s", printedLines, CLEAR_LINE_AND_DOWN);
    }
    lines.forEach(out::println);
    if (!terminal) {
      out.println();
    }
    out.flush();
    printedLines = lines.size();
  }

  private int report(List<ModelView> views) {
    long bad = views.stream().mapToLong(DemoCommand::failures).sum();
    long ok = views.stream().mapToLong(view -> view.traffic().ok()).sum();
    out.printf("demo: %d predictions, %d failures%n", ok, bad);
    return ok > 0 && bad == 0 ? 0 : 1;
  }

  private static long failures(ModelView view) {
    return view.traffic().errors() + view.traffic().overruns() + view.traffic().inFlight();
  }

  @SuppressWarnings("SystemConsoleNull") // Its contract still allows null.
  private static boolean isTerminal() {
    Console console = System.console();
    return console != null && console.isTerminal();
  }

  private static double seconds(long start) {
    return (System.nanoTime() - start) / 1e9;
  }
}
