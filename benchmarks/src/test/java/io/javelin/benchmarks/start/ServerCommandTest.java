package io.javelin.benchmarks.start;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class ServerCommandTest {
  /// An expanded class path would make the command line too long for ONNX Runtime.
  @Test
  void theClassPathKeepsItsWildcard() {
    ServerCommand command = new ServerCommand("java", List.of("-Xmx1g"), "lib/*");
    assertEquals(
        List.of(
            "java",
            "-Xmx1g",
            "-XX:AOTCache=a",
            "-cp",
            "lib/*",
            "io.javelin.server.ServerMain",
            "serve",
            "--config",
            "c.yaml"),
        command.arguments(List.of("-XX:AOTCache=a"), Path.of("c.yaml")));
  }
}
