package io.javelin.benchmarks.load;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;

/// What a result must be read with: the machine, the JVM and the exact run.
///
/// @param gitCommit of the working directory, or `unknown`
public record RunManifest(
    Instant startedAt,
    String gitCommit,
    int cores,
    String cpuModel,
    String operatingSystem,
    String jvm,
    List<String> commandLine) {
  private static final String UNKNOWN = GitCommit.UNKNOWN;
  private static final Path CPU_INFO = Path.of("/proc/cpuinfo");

  public RunManifest {
    commandLine = List.copyOf(commandLine);
  }

  /// Describes this process, in the current working directory.
  public static RunManifest ofThisProcess(Instant startedAt, List<String> commandLine) {
    return new RunManifest(
        startedAt,
        GitCommit.of(Path.of("").toAbsolutePath()),
        Runtime.getRuntime().availableProcessors(),
        readCpuModel(),
        System.getProperty("os.name") + " " + System.getProperty("os.version"),
        System.getProperty("java.vm.name") + " " + Runtime.version(),
        commandLine);
  }

  private static String readCpuModel() {
    if (!Files.isReadable(CPU_INFO)) {
      return System.getProperty("os.arch", UNKNOWN);
    }
    try (Stream<String> lines = Files.lines(CPU_INFO)) {
      return lines
          .filter(line -> line.startsWith("model name"))
          .map(line -> line.substring(line.indexOf(':') + 1).strip())
          .findFirst()
          .orElse(UNKNOWN);
    } catch (IOException e) {
      return UNKNOWN;
    }
  }
}
