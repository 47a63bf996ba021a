package io.javelin.benchmarks.start;

import java.io.File;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// The command line of a server that is started as this process was: same JVM, same options, same
/// class path. An AOT cache fits only a JVM that is started like the one that made it.
///
/// @param java the JVM's executable
/// @param options JVM options without those of the AOT cache
/// @param classPath the class path with its wildcard: ONNX Runtime 1.29 can crash on a command line
///   of more than 4 KiB
record ServerCommand(String java, List<String> options, String classPath) {
  private static final String MAIN = "io.javelin.server.ServerMain";

  /// What turns the JVM's remarks about a cache that does not fit into silence.
  static final List<String> QUIET = List.of("-Xlog:aot=off", "-Xlog:cds=off");

  ServerCommand {
    options = List.copyOf(options);
  }

  /// The options of the launcher, read off this process.
  static ServerCommand likeThisProcess() {
    String expanded = System.getProperty("java.class.path");
    int end = expanded.indexOf(File.pathSeparatorChar);
    Path first = Path.of(end < 0 ? expanded : expanded.substring(0, end));
    return new ServerCommand(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
            .filter(ServerCommand::isKept)
            .toList(),
        first.resolveSibling("*").toString());
  }

  private static boolean isKept(String option) {
    return !option.startsWith("-XX:AOT") && !QUIET.contains(option);
  }

  /// @param more JVM options of this start
  List<String> arguments(List<String> more, Path configuration) {
    List<String> arguments = new ArrayList<>();
    arguments.add(java);
    arguments.addAll(options);
    arguments.addAll(more);
    arguments.addAll(
        List.of("-cp", classPath, MAIN, "serve", "--config", configuration.toString()));
    return List.copyOf(arguments);
  }
}
