package io.javelin.server;

import io.javelin.server.pipeline.SilentTelemetry;
import java.nio.file.Path;

/// The server without the metrics of the request path, for `bench metrics` alone. Takes the
/// arguments of `serve`: `serve --config FILE`.
public final class SilentServerMain {
  private static final int FILE = 2;

  private SilentServerMain() {}

  /// Serves until SIGTERM or SIGINT.
  public static void main(String[] arguments) throws StartFailedException, InterruptedException {
    JavelinServer server =
        JavelinServer.start(Path.of(arguments[FILE]), registry -> new SilentTelemetry());
    Runtime.getRuntime()
        .addShutdownHook(Thread.ofPlatform().name("graceful-shutdown").unstarted(server::close));
    server.awaitStop();
  }
}
