package io.javelin.benchmarks.bench.process;

import io.javelin.benchmarks.bench.model.BenchModel;
import io.javelin.benchmarks.bench.model.BenchRegistry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;

/// Starts the real Javelin server on benchmark models and waits until it is ready.
public final class JavelinLauncher {
  private static final Duration READY_TIMEOUT = Duration.ofSeconds(60);
  private static final long POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(20);
  private static final String SERVER_MAIN = "io.javelin.server.ServerMain";

  /// How the server is set up beside its defaults.
  ///
  /// @param name in tables
  /// @param mainClass takes the arguments of `ServerMain`
  /// @param experiment whether users are split by hash; both variants are the same version, so that
  ///   the split costs what it costs and does not also change the batches
  /// @param shadow whether every request is mirrored
  /// @param instances of each model
  /// @param extra YAML lines for each model, indented by four spaces; may be empty
  public record Setup(
      String name,
      String mainClass,
      boolean experiment,
      boolean shadow,
      int instances,
      String extra) {
    /// The product's default path: validation, metrics, an experiment; no shadow.
    public static Setup standard() {
      return new Setup("Javelin", SERVER_MAIN, true, false, 1, "");
    }

    /// The same under another name.
    public Setup named(String newName) {
      return new Setup(newName, mainClass, experiment, shadow, instances, extra);
    }

    /// The same with or without an experiment.
    public Setup withExperiment(boolean on) {
      return new Setup(name, mainClass, on, shadow, instances, extra);
    }

    /// The same with or without a shadow that gets every request.
    public Setup withShadow(boolean on) {
      return new Setup(name, mainClass, experiment, on, instances, extra);
    }

    /// The same with `count` instances of each model.
    public Setup withInstances(int count) {
      return new Setup(name, mainClass, experiment, shadow, count, extra);
    }

    /// The same, started by another class.
    public Setup startedBy(String otherMain) {
      return new Setup(name, otherMain, experiment, shadow, instances, extra);
    }
  }

  private record Ports(int grpc, int http, int metrics, int admin) {}

  private final Path directory;
  private final LongSupplier nanoClock;

  /// @param directory gets registry, configuration and log
  public JavelinLauncher(Path directory, LongSupplier nanoClock) {
    this.directory = directory;
    this.nanoClock = nanoClock;
  }

  /// Starts a server on free ports of the loopback interface.
  ///
  /// @throws IOException with the end of the server's log when it does not become ready
  public JvmServer start(Setup setup, List<BenchModel> models)
      throws IOException, InterruptedException {
    Path home = Files.createTempDirectory(directory, "javelin-");
    BenchRegistry.write(home.resolve("registry"), models);
    Ports ports = freePorts();
    Path config = Files.writeString(home.resolve("javelin.yaml"), yaml(setup, models, ports));
    ChildJvm jvm =
        ChildJvm.start(
            setup.mainClass(),
            List.of(),
            List.of("serve", "--config", config.toString()),
            home.resolve("server.log"));
    MetricsPage page = new MetricsPage(ports.http(), ports.metrics());
    awaitReady(setup.name(), jvm, page);
    return new JvmServer(setup.name(), jvm, ports.grpc(), page);
  }

  private void awaitReady(String name, ChildJvm jvm, MetricsPage page)
      throws IOException, InterruptedException {
    long giveUpNanos = nanoClock.getAsLong() + READY_TIMEOUT.toNanos();
    while (!page.isReady()) {
      if (!jvm.isAlive() || nanoClock.getAsLong() - giveUpNanos > 0) {
        jvm.close();
        throw new IOException(name + " did not become ready; the end of its log:\n" + jvm.logEnd());
      }
      LockSupport.parkNanos(POLL_NANOS);
    }
  }

  private static String yaml(Setup setup, List<BenchModel> models, Ports ports) {
    StringBuilder yaml = new StringBuilder();
    yaml.append(
        """
        server: {host: 127.0.0.1, grpc_port: %d, http_port: %d, metrics_port: %d, admin_port: %d}
        registry: {url: "file:registry", cache_dir: cache}
        models:
        """
            .formatted(ports.grpc(), ports.http(), ports.metrics(), ports.admin()));
    for (BenchModel model : models) {
      yaml.append("  - name: ").append(model.name()).append('\n');
      yaml.append("    instance_group: {count: ").append(setup.instances()).append("}\n");
      yaml.append(setup.extra());
      yaml.append(routing(setup, model));
    }
    return yaml.toString();
  }

  private static String routing(Setup setup, BenchModel model) {
    if (!setup.experiment() && !setup.shadow()) {
      return "";
    }
    String canary =
        setup.experiment() ? "        - {name: canary, version: 1, weight_percent: 10}\n" : "";
    String shadows =
        setup.shadow()
            ? "      shadows:\n        - {name: copy, version: 1, sample_percent: 100}\n"
            : "";
    return """
        routing:
          experiment: %s-canary
          salt: %s-canary-1
          default: control
          variants:
            - {name: control, version: 1}
    """
            .formatted(model.name(), model.name())
        + canary
        + shadows;
  }

  private static Ports freePorts() throws IOException {
    List<ServerSocket> sockets = new ArrayList<>();
    try {
      for (int i = 0; i < Ports.class.getRecordComponents().length; i++) {
        sockets.add(new ServerSocket(0, 1, InetAddress.getLoopbackAddress()));
      }
      return new Ports(
          sockets.get(0).getLocalPort(),
          sockets.get(1).getLocalPort(),
          sockets.get(2).getLocalPort(),
          sockets.get(3).getLocalPort());
    } finally {
      for (ServerSocket socket : sockets) {
        socket.close();
      }
    }
  }
}
