package io.javelin.server.e2e;

import inference.GRPCInferenceServiceGrpc;
import inference.GRPCInferenceServiceGrpc.GRPCInferenceServiceBlockingStub;
import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import io.javelin.server.JavelinServer;
import io.javelin.server.StartFailedException;
import io.javelin.v1.AdminServiceGrpc;
import io.javelin.v1.AdminServiceGrpc.AdminServiceBlockingStub;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.concurrent.TimeUnit;

/// A real server on free ports, serving a copy of the demo registry that a test may change, with
/// channels to it.
final class DemoServer implements AutoCloseable {
  static final Path DEMO = Path.of("demo");

  private static final long READY_SECONDS = 60;

  private final JavelinServer server;
  private final ManagedChannel channel;
  private final ManagedChannel adminChannel;
  private final Path directory;

  private DemoServer(Path directory) throws StartFailedException {
    this.directory = directory;
    this.server = JavelinServer.start(directory.resolve("javelin.yaml"));
    this.channel = channel(server.grpcPort());
    this.adminChannel = channel(server.adminPort());
  }

  /// The demo's own configuration, with free ports.
  static String demoConfig() throws IOException {
    return Files.readString(DEMO.resolve("javelin.yaml"))
        .replaceFirst(
            "server: \\{.*}",
            "server: {host: 127.0.0.1, grpc_port: 0, http_port: 0, metrics_port: 0, admin_port: 0}")
        .replaceFirst(
            "registry: \\{.*}",
            "registry: {url: \"file:registry\", cache_dir: cache, poll_interval_seconds: 0.1,"
                + " load_retry_backoff_seconds: 0.1, max_load_attempts: 2}");
  }

  /// Starts on a fresh copy of the demo registry below `directory` and waits until it is ready.
  static DemoServer start(Path directory, String config) throws Exception {
    copyRegistry(directory.resolve("registry"));
    Files.writeString(directory.resolve("javelin.yaml"), config);
    return restart(directory);
  }

  /// Starts on what an earlier server left in `directory`.
  static DemoServer restart(Path directory) throws Exception {
    DemoServer started = new DemoServer(directory);
    started.server.ready().get(READY_SECONDS, TimeUnit.SECONDS);
    return started;
  }

  private static void copyRegistry(Path target) throws IOException {
    Path source = DEMO.resolve("registry");
    try (var files = Files.walk(source)) {
      for (Path file : (Iterable<Path>) files::iterator) {
        Path copy = target.resolve(source.relativize(file).toString());
        if (Files.isDirectory(file)) {
          Files.createDirectories(copy);
        } else {
          Files.copy(file, copy, StandardCopyOption.REPLACE_EXISTING);
        }
      }
    }
  }

  private static ManagedChannel channel(int port) {
    return NettyChannelBuilder.forAddress("127.0.0.1", port)
        .usePlaintext()
        .maxInboundMessageSize(Integer.MAX_VALUE)
        .build();
  }

  ManagedChannel channel() {
    return channel;
  }

  JavelinServer server() {
    return server;
  }

  GRPCInferenceServiceBlockingStub inference() {
    return GRPCInferenceServiceGrpc.newBlockingStub(channel)
        .withDeadlineAfter(20, TimeUnit.SECONDS);
  }

  AdminServiceBlockingStub admin() {
    return AdminServiceGrpc.newBlockingStub(adminChannel).withDeadlineAfter(20, TimeUnit.SECONDS);
  }

  Path registry() {
    return directory.resolve("registry");
  }

  /// Replaces the configuration file in one step, as an editor or a ConfigMap does.
  void writeConfig(String text) throws IOException {
    Path next = Files.writeString(directory.resolve("javelin.yaml.next"), text);
    Files.move(
        next,
        directory.resolve("javelin.yaml"),
        StandardCopyOption.REPLACE_EXISTING,
        StandardCopyOption.ATOMIC_MOVE);
  }

  String get(int port, String path) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path)).build();
    try (HttpClient client = HttpClient.newHttpClient()) {
      return client.send(request, HttpResponse.BodyHandlers.ofString()).body();
    }
  }

  String metrics() throws Exception {
    return get(server.metricsPort(), "/metrics");
  }

  @Override
  public void close() {
    channel.shutdownNow();
    adminChannel.shutdownNow();
    server.close();
  }
}
