package io.javelin.server.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The commands as an operator runs them: a process with an exit code and what it prints.
class CommandLineTest {
  private static final long LIMIT_SECONDS = 60;

  @TempDir Path directory;

  private record Ended(int code, String output, String errors) {}

  private ProcessBuilder javelin(String... arguments) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("--enable-native-access=ALL-UNNAMED");
    command.add("-Dlogback.configurationFile=logback.xml"); // Not the quiet one of the tests.
    command.add("io.javelin.server.ServerMain");
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command);
    // Not on the command line: ONNX Runtime does not bear a long one.
    builder.environment().put("CLASSPATH", System.getProperty("java.class.path"));
    return builder;
  }

  private Ended run(String... arguments) throws Exception {
    Process process =
        javelin(arguments).redirectError(directory.resolve("errors").toFile()).start();
    String output;
    try (BufferedReader reader = process.inputReader(StandardCharsets.UTF_8)) {
      output = reader.readAllAsString();
    }
    assertTrue(process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS));
    return new Ended(process.exitValue(), output, Files.readString(directory.resolve("errors")));
  }

  private String config(String text) throws IOException {
    return Files.writeString(directory.resolve("javelin.yaml"), text).toString();
  }

  @Test
  void checkAcceptsAValidFile() throws Exception {
    Ended ended = run("check", config(DemoServer.demoConfig()));

    assertEquals(0, ended.code(), ended.errors());
    assertTrue(
        ended.output().matches("(?s).*javelin.yaml: valid, 2 models, sha256 [0-9a-f]{64}\\s+"),
        ended.output());
  }

  @Test
  void checkListsEveryMistake() throws Exception {
    Ended ended =
        run(
            "check",
            config(
                DemoServer.demoConfig()
                    .replaceFirst("max_batch_size: 64", "max_batch_sise: 64")
                    .replaceFirst("count: 1", "count: 0")));

    assertEquals(1, ended.code());
    assertTrue(ended.errors().contains("models[0].max_batch_sise"), ended.errors());
    assertTrue(ended.errors().contains("models[0].instance_group.count"), ended.errors());
    assertTrue(ended.errors().contains("2 mistakes; nothing was changed"), ended.errors());
  }

  @Test
  void serveDoesNotStartWithABrokenFile() throws Exception {
    Ended ended = run("serve", "--config", config("models: []\n"));

    assertEquals(1, ended.code());
    assertTrue(ended.errors().contains("the configuration has mistakes"), ended.errors());
    assertTrue(ended.errors().contains("registry"), ended.errors());
  }

  @Test
  void tellsOfWrongUsage() throws Exception {
    Ended ended = run("serve");

    assertEquals(2, ended.code());
    assertTrue(ended.errors().contains("--config"), ended.errors());
  }

  @Test
  void serveStopsInOrderOnSigterm() throws Exception {
    String file =
        config(
            DemoServer.demoConfig()
                .replace(
                    "file:registry",
                    DemoServer.DEMO.resolve("registry").toAbsolutePath().toUri() + ""));
    Process process = javelin("serve", "--config", file).redirectErrorStream(true).start();
    StringBuilder output = new StringBuilder();
    Thread guard = Thread.startVirtualThread(() -> endIfLate(process));
    try (BufferedReader reader = process.inputReader(StandardCharsets.UTF_8)) {
      String line = reader.readLine();
      while (line != null) {
        output.append(line).append('\n');
        if (line.endsWith(": ready")) {
          process.toHandle().destroy(); // Unlike Process.destroy, leaves the output readable.
        }
        line = reader.readLine();
      }
      assertTrue(process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS));
    } finally {
      process.destroyForcibly();
      guard.join();
    }
    assertEquals(128 + 15, process.exitValue(), output::toString);
    assertTrue(output.indexOf("draining") < output.indexOf(": stopped"), output::toString);
    assertTrue(output.indexOf("draining") > 0, output::toString);
  }

  /// A server that never becomes ready must not hold the tests up.
  private static void endIfLate(Process process) {
    try {
      if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
