package io.javelin.loader.engine.echo;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.javelin.loader.engine.EngineException;
import io.javelin.loader.engine.EngineInstance;
import io.javelin.loader.engine.InstanceConfig;
import io.javelin.loader.store.ModelArtifact;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class EchoEngineTest {
  private final EchoEngine engine = new EchoEngine();

  @TempDir private Path directory;

  private EngineInstance open(String text) throws Exception {
    Files.writeString(directory.resolve("model.echo"), text);
    InstanceConfig config =
        new InstanceConfig(4, InstanceConfig.Provider.CPU, Map.of(), Map.of(), 1);
    return engine.open(new ModelArtifact("m", 1, directory), config);
  }

  @ParameterizedTest
  @ValueSource(strings = {"INT32", "INT64", "FP32", "FP64"})
  void sumsEachRowInItsOwnType(String type) throws Exception {
    String text = "input.0 = X %s -1,3\noutput.0 = Y sum\n".formatted(type);
    try (EngineInstance instance = open(text)) {
      MemorySegment memory = instance.input(0, 6L * (type.endsWith("64") ? 8 : 4));
      for (int i = 0; i < 6; i++) {
        put(memory, type, i, i + 1);
      }
      instance.run(new long[][] {{2, 3}});
      assertEquals(6.0, get(instance.output(0), type, 0));
      assertEquals(15.0, get(instance.output(0), type, 1));
      assertArrayEquals(new long[] {2, 1}, instance.outputShape(0));
    }
  }

  private static void put(MemorySegment memory, String type, int index, int value) {
    switch (type) {
      case "INT32" -> memory.setAtIndex(ValueLayout.JAVA_INT, index, value);
      case "INT64" -> memory.setAtIndex(ValueLayout.JAVA_LONG, index, value);
      case "FP32" -> memory.setAtIndex(ValueLayout.JAVA_FLOAT, index, value);
      default -> memory.setAtIndex(ValueLayout.JAVA_DOUBLE, index, value);
    }
  }

  private static double get(MemorySegment memory, String type, int index) {
    return switch (type) {
      case "INT32" -> memory.getAtIndex(ValueLayout.JAVA_INT, index);
      case "INT64" -> (double) memory.getAtIndex(ValueLayout.JAVA_LONG, index);
      case "FP32" -> memory.getAtIndex(ValueLayout.JAVA_FLOAT, index);
      default -> memory.getAtIndex(ValueLayout.JAVA_DOUBLE, index);
    };
  }

  @Test
  void sumsTheWholeTensorWithoutBatching() throws Exception {
    try (EngineInstance instance = open("input.0 = X INT32 2,2\noutput.0 = Y sum\n")) {
      MemorySegment memory = instance.input(0, 16);
      for (int i = 0; i < 4; i++) {
        memory.setAtIndex(ValueLayout.JAVA_INT, i, 10);
      }
      instance.run(new long[][] {{2, 2}});
      assertEquals(40, instance.output(0).get(ValueLayout.JAVA_INT, 0));
      assertArrayEquals(new long[] {1}, instance.outputShape(0));
    }
  }

  @Test
  void failsEachRunWhenToldTo() throws Exception {
    String text = "input.0 = X INT32 -1,1\noutput.0 = Y copy\nfail = on-run\n";
    try (EngineInstance instance = open(text)) {
      instance.input(0, 4);
      for (int run = 0; run < 2; run++) {
        EngineException failed =
            assertThrows(EngineException.class, () -> instance.run(new long[][] {{1, 1}}));
        assertTrue(Objects.requireNonNull(failed.getMessage()).contains("told to fail"));
      }
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "input.0=X INT32 -1;output.0=Y copy;fail=on-load | told to fail on load",
        "input.0=X INT32 -1;output.0=Y copy;fail=always | expected on-load or on-run",
        "input.0=X INT32 -1 | input.0 and output.0",
        "output.0=Y copy | reads input 0",
        "input.0=X INT33 -1;output.0=Y copy | INT33",
        "input.0=X INT32 -1,a;output.0=Y copy | -1,a",
        "input.0=X INT32 -2;output.0=Y copy | expected -1 or more",
        "input.0=X;output.0=Y copy | two or three words",
        "input.0=X INT32 -1;output.0=Y twice | expected copy or sum",
        "input.0=X INT32 -1;output.0=Y copy 1 | reads input 1",
        "input.0=X BOOL -1;output.0=Y sum | no sum of BOOL",
        "input.0=X INT32 -1;output.0=Y copy;output.2=Z copy 0 | output.2",
        "input.0=X INT32 -1;output.0=Y copy;batching=true | batching",
      })
  void saysWhatIsWrongInTheFile(String lines, String expected) {
    EngineException refused =
        assertThrows(EngineException.class, () -> open(lines.replace(';', '\n')));
    String message = Objects.requireNonNull(refused.getMessage());
    assertTrue(message.contains(expected), message);
    assertTrue(message.contains(directory.resolve("model.echo").toString()), message);
  }
}
