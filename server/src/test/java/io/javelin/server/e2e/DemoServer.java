package io.javelin.server.e2e;

import static io.javelin.server.e2e.Eventually.eventually;

import inference.GRPCInferenceServiceGrpc;
import inference.GRPCInferenceServiceGrpc.GRPCInferenceServiceBlockingStub;
import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import io.javelin.server.JavelinServer;
import io.javelin.server.StartFailedException;
import io.javelin.v1.AdminServiceGrpc;
import io.javelin.v1.AdminServiceGrpc.AdminServiceBlockingStub;
import io.javelin.v1.ExplainRouteRequest;
import io.javelin.v1.ExplainRouteResponse;
import io.javelin.v1.GetConfigStatusRequest;
import io.javelin.v1.GetConfigStatusResponse;
import io.javelin.v1.ListVersionsRequest;
import io.javelin.v1.ModelVersion;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
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
            "server: {host: 127.0.0.1, grpc_port: 0, http_port: 0, metrics_port: 0, admin_port: 0,"
                + " drain_timeout_seconds: 5}")
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

  InferClient client() {
    return new InferClient(channel);
  }

  Path directory() {
    return directory;
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

  /// Puts `text` in force and waits until it is.
  GetConfigStatusResponse reload(String text) throws Exception {
    writeConfig(text);
    return reloadTo(text);
  }

  /// Waits until `text`, which is in the file already, is in force.
  GetConfigStatusResponse reloadTo(String text) throws Exception {
    String sha256 = sha256(text);
    return eventually(
        this::configStatus,
        status ->
            status.getContentSha256().equals(sha256)
                && status.getPendingGeneration() == 0
                && !status.hasLastRefusal());
  }

  /// Offers `text` and waits until the server has refused it.
  List<String> refusal(String text) throws Exception {
    writeConfig(text);
    return eventually(this::configStatus, GetConfigStatusResponse::hasLastRefusal)
        .getLastRefusal()
        .getReasonsList();
  }

  GetConfigStatusResponse configStatus() {
    return admin().getConfigStatus(GetConfigStatusRequest.getDefaultInstance());
  }

  /// State of a version as the admin API tells it; the default instance while it is not known.
  ModelVersion version(String model, long version) {
    return admin()
        .listVersions(ListVersionsRequest.newBuilder().setModel(model).build())
        .getVersionsList()
        .stream()
        .filter(known -> known.getVersion() == version)
        .findFirst()
        .orElse(ModelVersion.getDefaultInstance());
  }

  ExplainRouteResponse explain(String model, String userId) {
    return admin()
        .explainRoute(ExplainRouteRequest.newBuilder().setModel(model).setUserId(userId).build());
  }

  /// Puts a copy of version `from` into the bucket as version `to`, in one step.
  void publish(String model, long from, long to) throws IOException {
    Path prepared = registry().resolve(model).resolve("." + to + ".part");
    Files.createDirectories(prepared);
    Path file = DEMO.resolve("registry").resolve(model).resolve(from + "/model.onnx");
    Files.copy(file, prepared.resolve("model.onnx"));
    Files.move(prepared, registry().resolve(model).resolve(Long.toString(to)));
  }

  private static String sha256(String text) throws NoSuchAlgorithmException {
    byte[] digest =
        MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
    return HexFormat.of().formatHex(digest);
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
