package io.javelin.server.config;

import java.nio.file.Path;

/// What defaults depend on in the machine.
///
/// @param cores processors the process may use, container limits included
/// @param temporaryDirectory absolute
record HostDefaults(int cores, Path temporaryDirectory) {

  static HostDefaults ofThisProcess() {
    return new HostDefaults(
        Runtime.getRuntime().availableProcessors(),
        Path.of(System.getProperty("java.io.tmpdir", "/tmp")).toAbsolutePath());
  }

  /// Half of the cores do input and output, the other half is left to the models.
  int eventLoopThreads() {
    return Math.max(1, cores / 2);
  }

  /// One cache per server: a process locks its own.
  Path cacheDirectory(int grpcPort) {
    return temporaryDirectory.resolve("javelin-cache-" + grpcPort);
  }
}
