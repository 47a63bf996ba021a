package io.javelin.loader.engine.onnx;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// Keeps ONNX Runtime 1.29 from killing the process.
///
/// Its Linux library ends in SIGSEGV while it is loaded if the process was started with a command
/// line longer than 4 KiB, which a class path of some dozen jars reaches (seen with 1.29.0 on
/// x86-64: 3,990 bytes load, 4,040 do not). An exception that says so beats a crash without a word.
final class CommandLineLimit {
  private static final Path COMMAND_LINE = Path.of("/proc/self/cmdline");
  private static final int MAX_BYTES = 3_900;

  private CommandLineLimit() {}

  static void check() {
    check(COMMAND_LINE);
  }

  static void check(Path commandLine) {
    int bytes;
    try {
      bytes = Files.readAllBytes(commandLine).length;
    } catch (IOException e) {
      return; // Another operating system, or no /proc: nothing is known to be wrong.
    }
    if (bytes > MAX_BYTES) {
      throw new IllegalStateException(
          ("the command line has %d bytes; ONNX Runtime 1.29 can crash the process above %d. Shorten"
                  + " it: -cp 'lib/*', an @argument file, or the CLASSPATH variable")
              .formatted(bytes, MAX_BYTES));
    }
  }
}
