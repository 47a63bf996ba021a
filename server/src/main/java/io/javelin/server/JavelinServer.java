package io.javelin.server;

import io.javelin.server.config.ConfigParser;
import io.javelin.server.config.ConfigSource;
import io.javelin.server.config.ConfigWatcher;
import io.javelin.server.config.ServerConfig;
import io.javelin.server.config.ServingConfig;
import io.javelin.server.config.TenantsConfig;
import io.javelin.server.grpc.AdminService;
import io.javelin.server.grpc.CallerKeys;
import io.javelin.server.grpc.GrpcFront;
import io.javelin.server.http.HttpFront;
import io.javelin.server.http.HttpReply;
import io.javelin.server.http.HttpRoute;
import io.javelin.server.metrics.MetricsRegistry;
import io.javelin.server.metrics.PrometheusTelemetry;
import io.javelin.server.pipeline.Telemetry;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A running server. Made by [#start]; stopped by [#close], which drains first.
public final class JavelinServer implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(JavelinServer.class);

  private final ServerConfig config;
  private final Wiring wiring;
  private final StateReporter states;
  private final GrpcFront grpc;
  private final HttpFront http;
  private final ConfigWatcher watcher;
  private final CountDownLatch stopping = new CountDownLatch(1);
  private final AtomicBoolean closed = new AtomicBoolean();
  private int httpPort;
  private int metricsPort;

  private JavelinServer(
      Path file,
      ConfigParser parser,
      ConfigParser.Result.Valid valid,
      Function<MetricsRegistry, ? extends Telemetry> telemetries)
      throws IOException {
    ServingConfig serving = valid.config();
    this.config = serving.server();
    this.states = new StateReporter();
    this.wiring = new Wiring(serving, states, telemetries);
    states.bind(wiring);
    this.http = new HttpFront();
    try {
      this.grpc = openGrpc(serving, file);
    } catch (IOException | RuntimeException e) {
      http.close();
      wiring.close();
      throw e;
    }
    this.watcher =
        new ConfigWatcher(
            ConfigSource.file(file),
            parser,
            this::onChange,
            valid.sha256(),
            wiring.nanoClock,
            ConfigWatcher.DEFAULT_INTERVAL);
    try {
      openHttp();
      wiring.start();
      wiring.applier.apply(serving, valid.sha256());
      watcher.start();
    } catch (IOException | RuntimeException e) {
      free();
      throw e;
    }
    LOG.info("{}", listening());
  }

  /// Reads the configuration, opens the ports and starts loading. Returns before models are ready:
  /// see [#ready].
  ///
  /// @throws StartFailedException with everything that is wrong with the configuration, or with the
  ///   port that is taken
  public static JavelinServer start(Path file) throws StartFailedException {
    return start(file, PrometheusTelemetry::new);
  }

  /// The same with other telemetry: what metrics cost is measured against a server without them.
  static JavelinServer start(Path file, Function<MetricsRegistry, ? extends Telemetry> telemetries)
      throws StartFailedException {
    StartAhead.begin();
    ConfigParser parser = new ConfigParser();
    return switch (parser.parse(file)) {
      case ConfigParser.Result.Invalid invalid ->
          throw new StartFailedException("the configuration has mistakes:\n" + invalid.describe());
      case ConfigParser.Result.Valid valid -> {
        try {
          yield new JavelinServer(file, parser, valid, telemetries);
        } catch (IOException | IllegalArgumentException | IllegalStateException e) {
          throw new StartFailedException("cannot start: " + describe(e), e);
        }
      }
    };
  }

  private static String describe(Throwable failure) {
    Throwable cause = failure.getCause();
    return cause == null ? failure.getMessage() + "" : failure.getMessage() + ": " + cause;
  }

  /// Completes when the server is ready for the first time.
  public CompletableFuture<Void> ready() {
    return states.ready().copy();
  }

  /// The gRPC port in use.
  public int grpcPort() {
    return grpc.port();
  }

  /// The HTTP port in use.
  public int httpPort() {
    return httpPort;
  }

  /// The metrics port in use.
  public int metricsPort() {
    return metricsPort;
  }

  /// The admin port in use.
  public int adminPort() {
    return grpc.adminPort();
  }

  /// Blocks until [#close] begins.
  public void awaitStop() throws InterruptedException {
    stopping.await();
  }

  /// Counts as not ready, serves on for the lame-duck time, lets running requests end, then frees
  /// everything. An interrupt shortens the waiting, not the freeing. The second time does nothing.
  @Override
  public void close() {
    if (!closed.compareAndSet(false, true)) {
      return;
    }
    stopping.countDown();
    LOG.info("stopping: not ready any more, draining");
    wiring.readiness.startDraining();
    wiring.health.refresh(wiring.directory.models());
    watcher.close();
    try {
      drain();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    free();
    LOG.info("stopped");
  }

  private void free() {
    grpc.close();
    http.close();
    wiring.close();
  }

  private void drain() throws InterruptedException {
    TimeUnit.NANOSECONDS.sleep(config.lameDuck().toNanos());
    Duration timeout = config.drainTimeout();
    if (!grpc.drain(timeout.toNanos())) {
      LOG.warn("requests still running after {} are cut off", timeout);
    }
  }

  private static CallerKeys callerKeys(ServingConfig serving) {
    TenantsConfig tenants = serving.tenants();
    return new CallerKeys(
        serving.userId().metadata(),
        serving.userId().parameter(),
        tenants == null ? null : tenants.metadata(),
        tenants == null ? null : tenants.parameter());
  }

  private GrpcFront openGrpc(ServingConfig serving, Path file) throws IOException {
    ServerConfig.Endpoints endpoints = config.endpoints();
    return new GrpcFront(
        new GrpcFront.Settings(
            new InetSocketAddress(endpoints.host(), endpoints.grpcPort()),
            new InetSocketAddress(endpoints.adminHost(), endpoints.adminPort()),
            config.maxMessageBytes(),
            config.name(),
            callerKeys(serving)),
        new GrpcFront.Services(
            wiring.pipeline,
            wiring::serving,
            wiring.readiness,
            wiring.health,
            wiring.tracer,
            new AdminService(
                file.toString(), wiring.applier::status, wiring.directory, wiring.routing),
            wiring.nanoClock),
        wiring.loops,
        ServerVersion.TEXT);
  }

  private void openHttp() throws IOException {
    ServerConfig.Endpoints endpoints = config.endpoints();
    httpPort =
        http.listen(
            new InetSocketAddress(endpoints.host(), endpoints.httpPort()),
            Map.of(
                "/v2/health/live",
                (HttpRoute) accept -> HttpReply.json(200, "{\"live\":true}"),
                "/v2/health/ready",
                accept -> readyReply()));
    metricsPort =
        http.listen(
            new InetSocketAddress(endpoints.host(), endpoints.metricsPort()),
            Map.of("/metrics", (HttpRoute) this::metricsReply));
  }

  private HttpReply readyReply() {
    boolean ready = wiring.readiness.serverReady();
    return HttpReply.json(ready ? 200 : 503, "{\"ready\":" + ready + "}");
  }

  private HttpReply metricsReply(@Nullable String accept) {
    MetricsRegistry.Scrape scrape = wiring.metrics.scrape(accept);
    return new HttpReply(200, scrape.contentType(), scrape.body());
  }

  private void onChange(ConfigParser.Result result) {
    switch (result) {
      case ConfigParser.Result.Valid valid -> wiring.applier.apply(valid.config(), valid.sha256());
      case ConfigParser.Result.Invalid invalid ->
          wiring.applier.refuse(invalid.errors().stream().map(Object::toString).toList());
    }
  }

  private String listening() {
    return "listening (%s): gRPC %d, HTTP %d, metrics http://127.0.0.1:%d/metrics, admin %d"
        .formatted(grpc.transport(), grpcPort(), httpPort, metricsPort, adminPort());
  }
}
