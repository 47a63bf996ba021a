package io.javelin.server.config;

import java.time.Duration;

/// The process: addresses, transport limits, shutdown.
///
/// @param name server name in `ServerMetadata`
/// @param eventLoopThreads at least 1
/// @param maxMessageBytes largest request or reply message
/// @param strictReadiness ready only when every configured model is ready
/// @param lameDuck after SIGTERM: not ready, but still serving, this long
/// @param drainTimeout after the lame duck time: how long running requests may take to finish
public record ServerConfig(
    String name,
    Endpoints endpoints,
    int eventLoopThreads,
    int maxMessageBytes,
    boolean strictReadiness,
    Duration lameDuck,
    Duration drainTimeout) {

  /// Where the server listens. A port of 0 takes any free one.
  ///
  /// @param host address of the gRPC, HTTP and metrics ports
  public record Endpoints(
      String host, int grpcPort, int httpPort, int metricsPort, String adminHost, int adminPort) {}
}
