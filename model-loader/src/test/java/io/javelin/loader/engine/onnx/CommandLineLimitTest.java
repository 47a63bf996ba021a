package io.javelin.loader.engine.onnx;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CommandLineLimitTest {
  @Test
  void refusesACommandLineThatWouldCrashTheLibrary(@TempDir Path directory) throws IOException {
    Path long4k = Files.writeString(directory.resolve("cmdline"), "x".repeat(4_100));

    IllegalStateException refused =
        assertThrows(IllegalStateException.class, () -> CommandLineLimit.check(long4k));

    assertTrue(String.valueOf(refused.getMessage()).contains("4100 bytes"), refused.toString());
  }

  @Test
  void acceptsAShortOneAndAMissingOne(@TempDir Path directory) throws IOException {
    Path shortOne = Files.writeString(directory.resolve("cmdline"), "java -cp lib/* Main");

    assertDoesNotThrow(() -> CommandLineLimit.check(shortOne));
    assertDoesNotThrow(() -> CommandLineLimit.check(directory.resolve("missing")));
  }
}
