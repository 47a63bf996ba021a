package io.javelin.benchmarks.load;

import inference.ModelMetadataResponse;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// `load`: sends traffic to one model and reports latency from the intended start.
///
/// Exit code 0 when all is well, 1 when too many requests failed or the server cannot be asked, 2
/// when an argument is wrong.
@Command(
    name = "load",
    description = "Sends traffic to one model and reports latency from the intended start.",
    mixinStandardHelpOptions = true,
    showDefaultValues = true)
public final class LoadCommand implements Callable<Integer> {
  private static final int FAILED = 1;

  @Spec private @Nullable CommandSpec spec;

  @Option(names = "--target", description = "Server to load.", paramLabel = "HOST:PORT")
  private String target = "127.0.0.1:8001";

  @Option(names = "--allow-remote", description = "Permit a target on another machine.")
  private boolean allowRemote;

  @Option(names = "--model", description = "Model to ask.", required = true)
  private String model = "";

  @ArgGroup(multiplicity = "1")
  private Pace pace = new Pace();

  @Option(
      names = "--duration",
      description = "Length of the measurement.",
      converter = DurationConverter.class,
      defaultValue = "30s")
  private Duration duration = Duration.ZERO;

  @Option(
      names = "--warmup",
      description = "Traffic before the measurement, not counted.",
      converter = DurationConverter.class,
      defaultValue = "10s")
  private Duration warmUp = Duration.ZERO;

  @Option(names = "--channels", description = "Connections to the server.")
  private int channelCount = 1;

  @Option(names = "--max-in-flight", description = "Unanswered requests that count as overrun.")
  private int maxInFlight = 10_000;

  @Option(names = "--users", description = "Distinct user ids; 0 sends none.")
  private int users = 1_000;

  @Option(names = "--seed", description = "Seed of arrivals, users and random rows.")
  private long seed = 1;

  @Option(names = "--deadline-ms", description = "Of each request; 0 = none.")
  private long deadlineMillis = 1_000;

  @Option(names = "--data", description = "CSV file of rows; random rows without it.")
  private @Nullable Path data;

  @Option(names = "--rows", description = "Rows in each request.")
  private int rows = 1;

  @Option(names = "--json", description = "File for the result.", paramLabel = "FILE")
  private @Nullable Path json;

  @Option(names = "--max-error-ratio", description = "Share of failures that is still a success.")
  private double maxErrorRatio;

  /// How fast: one of the two.
  static final class Pace {
    @Option(names = "--rate", description = "Open loop: mean arrivals per second.", required = true)
    private double rate;

    @Option(
        names = "--concurrency",
        description = "Closed loop: requests in flight.",
        required = true)
    private int concurrency;

    Arrivals arrivals() {
      return concurrency == 0 ? new Arrivals.OpenLoop(rate) : new Arrivals.ClosedLoop(concurrency);
    }
  }

  private final LongSupplier nanoClock = System::nanoTime;
  private final InstantSource wallClock = InstantSource.system();

  @Override
  public Integer call() throws IOException, InterruptedException {
    CommandSpec command = Objects.requireNonNull(spec);
    try {
      LoadConfig config = config();
      InetSocketAddress address = Target.resolve(target, allowRemote);
      try (ClientChannels channels = new ClientChannels(address, channelCount)) {
        RequestTemplate template = template(channels.modelMetadata(model));
        RunManifest manifest =
            RunManifest.ofThisProcess(
                wallClock.instant(), command.commandLine().getParseResult().originalArgs());
        LoadReport report = run(config, template, channels, manifest);
        return publish(report, command.commandLine().getOut());
      }
    } catch (IllegalArgumentException e) {
      throw new ParameterException(command.commandLine(), String.valueOf(e.getMessage()), e);
    } catch (StatusRuntimeException e) {
      Status status = e.getStatus();
      Throwable cause = status.getCause();
      command
          .commandLine()
          .getErr()
          .printf(
              "%s: %s: %s%n",
              target,
              status.getCode(),
              cause == null ? status.getDescription() : cause.getMessage());
      return FAILED;
    }
  }

  private LoadConfig config() {
    return new LoadConfig(
        pace.arrivals(),
        warmUp,
        duration,
        maxInFlight,
        Duration.ofMillis(deadlineMillis),
        users,
        seed);
  }

  private RequestTemplate template(ModelMetadataResponse metadata) throws IOException {
    return data == null
        ? RequestTemplate.random(metadata, rows, seed)
        : RequestTemplate.ofRows(metadata, CsvRows.read(data), rows);
  }

  private LoadReport run(
      LoadConfig config, RequestTemplate template, ClientChannels channels, RunManifest manifest)
      throws InterruptedException {
    PrintWriter out = Objects.requireNonNull(spec).commandLine().getOut();
    try (LoadGenerator load =
        LoadGenerator.start(
            config, template, channels.channels(), AnswerListener.none(), nanoClock)) {
      ProgressPrinter progress = new ProgressPrinter(load, out);
      while (!load.awaitEnd(Duration.ofSeconds(1))) {
        progress.print();
      }
      return LoadReport.of(manifest, load.snapshot());
    }
  }

  private int publish(LoadReport report, PrintWriter out) throws IOException {
    out.println();
    out.print(report.toText());
    out.flush();
    Path file = json;
    if (file != null) {
      Files.writeString(file, report.toJson());
    }
    return report.counts().errorRatio() > maxErrorRatio ? FAILED : 0;
  }
}
