package io.javelin.loader.engine.onnx;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class LoopOperatorsTest {
  @TempDir private Path directory;

  @Test
  void findsALoop() throws IOException {
    assertTrue(LoopOperators.in(written(TestModels.read("loop"))));
  }

  @ParameterizedTest
  @ValueSource(strings = {"simple", "fixed", "masked", "tokens", "lookup"})
  void findsNoneInAModelWithout(String model) throws IOException {
    assertFalse(LoopOperators.in(written(TestModels.read(model))));
  }

  @Test
  void aNameAtTheEndOfTheFileIsNotReadBeyondIt() throws IOException {
    assertTrue(LoopOperators.in(written(new byte[] {0x22, 4, 'S', 'c', 'a', 'n'})));
    assertFalse(LoopOperators.in(written(new byte[] {0x22, 4, 'S', 'c', 'a'})));
    assertFalse(LoopOperators.in(written(new byte[] {0x22})));
    assertFalse(LoopOperators.in(written(new byte[0])));
  }

  private Path written(byte[] model) throws IOException {
    return Files.write(directory.resolve("model.onnx"), model);
  }
}
