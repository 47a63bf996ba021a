package io.javelin.benchmarks.start;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// The demo's configuration on free ports and with a cache directory of its own, so that a server
/// can be started beside others.
///
/// @param file the written configuration
record DemoConfig(Path file, int grpcPort, int httpPort, int metricsPort) {
  private static final int PORTS = 4;

  /// Writes it into `workDirectory`.
  ///
  /// @throws IllegalArgumentException when the demo's file has not the lines that are replaced
  static DemoConfig write(Path demoDirectory, Path workDirectory) throws IOException {
    List<Integer> ports = freePorts();
    List<String> lines = new ArrayList<>();
    for (String line : Files.readAllLines(demoDirectory.resolve("javelin.yaml"))) {
      lines.add(
          line.startsWith("server:")
              ? serverLine(ports)
              : line.startsWith("registry:") ? registryLine(demoDirectory, workDirectory) : line);
    }
    if (lines.stream().filter(line -> line.matches("(server|registry): \\{.*}")).count() != 2) {
      throw new IllegalArgumentException(
          demoDirectory + "/javelin.yaml: expected one line each for 'server' and 'registry'");
    }
    Path file = Files.write(workDirectory.resolve("javelin.yaml"), lines);
    return new DemoConfig(file, ports.get(0), ports.get(1), ports.get(2));
  }

  private static String serverLine(List<Integer> ports) {
    return "server: {host: 127.0.0.1, grpc_port: %d, http_port: %d, metrics_port: %d, admin_port: %d}"
        .formatted(ports.toArray());
  }

  private static String registryLine(Path demoDirectory, Path workDirectory) {
    return "registry: {url: \"%s\", cache_dir: \"%s\", poll_interval_seconds: 2}"
        .formatted(
            demoDirectory.resolve("registry").toAbsolutePath().normalize().toUri(),
            workDirectory.resolve("cache").toAbsolutePath());
  }

  /// Ports that are free now; somebody else may take one before the server does.
  private static List<Integer> freePorts() throws IOException {
    List<Integer> ports = new ArrayList<>();
    List<ServerSocket> held = new ArrayList<>();
    try {
      for (int i = 0; i < PORTS; i++) {
        ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        held.add(socket);
        ports.add(socket.getLocalPort());
      }
    } finally {
      for (ServerSocket socket : held) {
        socket.close();
      }
    }
    return ports;
  }
}
