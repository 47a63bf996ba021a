package io.javelin.benchmarks.bench.process;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// A JVM that runs one main class with this JVM's class path and options, so that what is compared
/// runs alike. Not thread-safe.
///
/// Its standard input and output belong to this object; what it logs goes to a file.
public final class ChildJvm implements AutoCloseable {
  private static final long STOP_SECONDS = 10;
  private static final int LOG_LINES = 12;

  /// Options of this JVM that are about this JVM alone.
  private static final List<String> NOT_PASSED_ON =
      List.of(
          "-javaagent:",
          "-agentlib:",
          "-agentpath:",
          "-Xrunjdwp",
          "-XX:AOTCacheOutput",
          "-XX:AOTMode=record",
          "-Dbasedir=",
          "-Dsurefire");

  private final Process process;
  private final Path log;
  private final BufferedReader answers;
  private final Writer commands;
  private final Thread stopAtExit;

  private ChildJvm(Process process, Path log) {
    this.process = process;
    this.log = log;
    answers = process.inputReader();
    commands = process.outputWriter();
    stopAtExit = Thread.ofPlatform().unstarted(process::destroy);
    Runtime.getRuntime().addShutdownHook(stopAtExit);
  }

  /// Starts a JVM.
  ///
  /// @param options added to those of this JVM
  /// @param log gets standard error
  public static ChildJvm start(
      String mainClass, List<String> options, List<String> arguments, Path log) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(passedOnOptions(ManagementFactory.getRuntimeMXBean().getInputArguments()));
    command.addAll(options);
    command.add(mainClass);
    command.addAll(arguments);
    ProcessBuilder builder = new ProcessBuilder(command).redirectError(log.toFile());
    // Not on the command line: ONNX Runtime 1.29 crashes when that is longer than 4 KiB.
    builder.environment().put("CLASSPATH", System.getProperty("java.class.path"));
    builder.environment().put("ORT_DISABLE_TELEMETRY", "1");
    return new ChildJvm(builder.start(), log);
  }

  static List<String> passedOnOptions(List<String> options) {
    return options.stream()
        .filter(option -> NOT_PASSED_ON.stream().noneMatch(option::startsWith))
        .toList();
  }

  /// The process id.
  public long pid() {
    return process.pid();
  }

  /// Whether it still runs.
  public boolean isAlive() {
    return process.isAlive();
  }

  /// Waits for the next line of its standard output.
  ///
  /// @throws IOException with the end of its log when it ended instead
  public String readLine() throws IOException {
    String line = answers.readLine();
    if (line == null) {
      throw new IOException("the process ended; the end of its log:\n" + logEnd());
    }
    return line;
  }

  /// Writes a line to its standard input.
  public void writeLine(String line) throws IOException {
    commands.write(line);
    commands.write('\n');
    commands.flush();
  }

  /// The last lines that it logged.
  public String logEnd() throws IOException {
    List<String> lines = Files.readAllLines(log);
    return String.join("\n", lines.subList(Math.max(0, lines.size() - LOG_LINES), lines.size()));
  }

  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
    try {
      Runtime.getRuntime().removeShutdownHook(stopAtExit);
    } catch (IllegalStateException e) {
      // This JVM is ending, and the hook has run or runs now: there is nothing left to undo.
      return;
    }
  }
}
