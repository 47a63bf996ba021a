package io.javelin.server;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A start that fails half-way leaves nothing behind: neither ports nor the lock on the cache.
class StartFailureTest {
  @TempDir Path directory;

  @Test
  void aTakenMetricsPortFreesWhatWasOpenBefore() throws Exception {
    assertStartsOnceFree("metrics_port");
  }

  @Test
  void aTakenGrpcPortFreesWhatWasOpenBefore() throws Exception {
    assertStartsOnceFree("grpc_port");
  }

  private void assertStartsOnceFree(String key) throws Exception {
    Path config = directory.resolve("javelin.yaml");
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Files.writeString(config, config(key, taken.getLocalPort()));
      StartFailedException failed =
          assertThrows(StartFailedException.class, () -> JavelinServer.start(config));
      assertTrue(String.valueOf(failed.getMessage()).startsWith("cannot start"), failed::toString);
    }
    JavelinServer.start(config).close();
  }

  private static String config(String key, int port) {
    String server =
        "server: {host: 127.0.0.1, grpc_port: 0, http_port: 0, metrics_port: 0, admin_port: 0,"
            + " drain_timeout_seconds: 1}";
    return server.replace(key + ": 0", key + ": " + port)
        + "\nregistry: {url: \"file:registry\", cache_dir: cache}\nmodels: [{name: m}]\n";
  }
}
