package io.javelin.benchmarks.start;

import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.javelin.server.config.ConfigParser;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DemoConfigTest {
  private static final Path DEMO = Path.of("..", "server", "demo");

  @TempDir Path directory;

  @Test
  void theDemoRunsOnOtherPorts() throws Exception {
    DemoConfig config = DemoConfig.write(DEMO, directory);

    ConfigParser.Result.Valid valid =
        assertInstanceOf(ConfigParser.Result.Valid.class, new ConfigParser().parse(config.file()));
    assertTrue(valid.config().server().endpoints().grpcPort() == config.grpcPort());
    assertTrue(valid.config().registry().cacheDirectory().startsWith(directory));
  }

  @Test
  void aFileWithoutTheLinesToReplaceIsRefused() throws Exception {
    Path other = Files.createDirectories(directory.resolve("other"));
    Files.write(other.resolve("javelin.yaml"), List.of("models: []"));
    assertThrows(IllegalArgumentException.class, () -> DemoConfig.write(other, directory));
  }
}
