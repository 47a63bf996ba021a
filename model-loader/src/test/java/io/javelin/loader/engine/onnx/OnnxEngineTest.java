package io.javelin.loader.engine.onnx;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.javelin.loader.engine.DataType;
import io.javelin.loader.engine.EngineException;
import io.javelin.loader.engine.EngineInstance;
import io.javelin.loader.engine.InstanceConfig;
import io.javelin.loader.engine.TensorSpec;
import io.javelin.loader.store.ModelArtifact;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

final class OnnxEngineTest {
  private final OnnxEngine engine = new OnnxEngine();

  @TempDir private Path directory;

  private static InstanceConfig config(
      InstanceConfig.Provider provider, Map<String, String> options, Map<String, String> session) {
    return new InstanceConfig(4, provider, options, session, 1);
  }

  private static final InstanceConfig ON_CPU =
      config(InstanceConfig.Provider.CPU, Map.of(), Map.of());

  private EngineInstance open(byte[] model, InstanceConfig config) throws Exception {
    Files.write(directory.resolve("model.onnx"), model);
    return engine.open(new ModelArtifact("m", 1, directory), config);
  }

  private EngineInstance open(String name) throws Exception {
    return open(TestModels.read(name), ON_CPU);
  }

  private String refusal(byte[] model, InstanceConfig config) {
    EngineException refused = assertThrows(EngineException.class, () -> open(model, config));
    return Objects.requireNonNull(refused.getMessage());
  }

  private static void assertContains(String part, String message) {
    assertTrue(message.contains(part), message);
  }

  private static void writeString(EngineInstance instance, byte[] text) {
    MemorySegment memory = instance.input(0, 4L * (4 + text.length));
    for (int i = 0; i < 4; i++) {
      long offset = (long) i * (4 + text.length);
      memory.set(ValueLayout.JAVA_INT_UNALIGNED, offset, text.length);
      MemorySegment.copy(text, 0, memory, ValueLayout.JAVA_BYTE, offset + 4, text.length);
    }
  }

  @Test
  void addsAndSubtractsEachRow() throws Exception {
    try (EngineInstance instance = open("simple")) {
      assertEquals(
          List.of("INPUT0", "INPUT1"),
          instance.signature().inputs().stream().map(TensorSpec::name).toList());
      assertEquals(
          List.of("OUTPUT0", "OUTPUT1"),
          instance.signature().outputs().stream().map(TensorSpec::name).toList());
      for (int rows = 1; rows <= 4; rows++) {
        MemorySegment left = instance.input(0, rows * 64L);
        MemorySegment right = instance.input(1, rows * 64L);
        for (int i = 0; i < rows * 16; i++) {
          left.setAtIndex(ValueLayout.JAVA_INT, i, 100 * rows + i);
          right.setAtIndex(ValueLayout.JAVA_INT, i, 7);
        }
        instance.run(new long[][] {{rows, 16}, {rows, 16}});
        assertEquals(rows * 64L, instance.output(0).byteSize());
        for (int i = 0; i < rows * 16; i++) {
          assertEquals(100 * rows + i + 7, instance.output(0).getAtIndex(ValueLayout.JAVA_INT, i));
          assertEquals(100 * rows + i - 7, instance.output(1).getAtIndex(ValueLayout.JAVA_INT, i));
        }
      }
    }
  }

  @Test
  void refusesInputsWithDifferentNumbersOfRows() throws Exception {
    try (EngineInstance instance = open("simple")) {
      EngineException refused =
          assertThrows(EngineException.class, () -> instance.run(new long[][] {{1, 16}, {2, 16}}));
      assertContains("'INPUT1' has 2 rows", Objects.requireNonNull(refused.getMessage()));
    }
  }

  @Test
  void refusesMoreMemoryThanTheLargestBatchTakes() throws Exception {
    try (EngineInstance instance = open("simple")) {
      assertEquals(256, instance.input(0, 256).byteSize());
      assertThrows(IllegalArgumentException.class, () -> instance.input(0, 257));
    }
  }

  @Test
  void staysUsableWhenTheRuntimeFailsInARun() throws Exception {
    try (EngineInstance instance = open("lookup")) {
      instance.input(0, 16).setAtIndex(ValueLayout.JAVA_LONG, 0, 2);
      instance.input(0, 16).setAtIndex(ValueLayout.JAVA_LONG, 1, 4);
      EngineException failed =
          assertThrows(EngineException.class, () -> instance.run(new long[][] {{2, 1}}));
      assertContains("model 'm' version 1", Objects.requireNonNull(failed.getMessage()));
      assertContains("idx=4", failed.getMessage());
      instance.run(new long[][] {{1, 1}});
      assertEquals(12f, instance.output(0).get(ValueLayout.JAVA_FLOAT, 0));
    }
  }

  @Test
  void batchesWhenTheFirstDimensionsHaveNoNames() throws Exception {
    try (EngineInstance instance = open("unnamed_batch")) {
      assertTrue(instance.signature().batching());
    }
  }

  @Test
  void doesNotBatchWhenTheFirstDimensionsHaveDifferentNames() throws Exception {
    try (EngineInstance instance = open("other_axis_name")) {
      assertFalse(instance.signature().batching());
      assertEquals(List.of(-1L, 4L), instance.signature().outputs().get(0).shape());
      instance.input(0, 64).setAtIndex(ValueLayout.JAVA_FLOAT, 0, 5);
      instance.run(new long[][] {{2, 4}});
      assertArrayEquals(new long[] {2, 4}, instance.outputShape(0));
      assertEquals(5f, instance.output(0).get(ValueLayout.JAVA_FLOAT, 0));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"fewer_rows", "fewer_dynamic_rows"})
  void refusesABatchThatGivesAnotherNumberOfRows(String name) throws Exception {
    try (EngineInstance instance = open(name)) {
      assertTrue(instance.signature().batching());
      instance.input(0, 32).fill((byte) 1);
      EngineException failed =
          assertThrows(EngineException.class, () -> instance.run(new long[][] {{2, 4}}));
      assertContains("OUTPUT", Objects.requireNonNull(failed.getMessage()));
      assertThrows(IllegalStateException.class, () -> instance.output(0));
    }
  }

  @Test
  void namesAnOutputThatIsNoTensor() throws Exception {
    String sequence = refusal(TestModels.read("sequence_output"), ON_CPU);
    assertContains("output 'PARTS' is a sequence,", sequence);
    String maps = refusal(TestModels.read("zipmap_output"), ON_CPU);
    assertContains("output 'PROBABILITIES' is a sequence of maps", maps);
    assertContains("zipmap=False", maps);
  }

  @Test
  void saysWhatTheRuntimeSaidAboutATruncatedFile() throws Exception {
    byte[] whole = TestModels.read("simple");
    String message = refusal(Arrays.copyOf(whole, whole.length / 2), ON_CPU);
    assertContains(directory.resolve("model.onnx").toString(), message);
    assertContains("Protobuf parsing failed", message);
  }

  @ParameterizedTest
  @EnumSource(names = {"CUDA", "TENSORRT"})
  void saysHowToGetAProviderThatTheLibraryLacks(InstanceConfig.Provider provider) throws Exception {
    String message =
        refusal(TestModels.read("simple"), config(provider, Map.of("device_id", "1"), Map.of()));
    assertContains("execution provider " + provider, message);
    assertContains("device_id=1", message);
    assertContains("shared provider", message);
    assertContains("-Pcuda", message);
  }

  @Test
  void namesASessionOptionThatTheRuntimeRefuses() throws Exception {
    String key = "k".repeat(5000);
    String message =
        refusal(
            TestModels.read("simple"),
            config(InstanceConfig.Provider.CPU, Map.of(), Map.of(key, "1")));
    assertContains("session option '" + key, message);
  }

  @Test
  void takesMemoryOptionsThreadsAndSpinning() throws Exception {
    InstanceConfig config =
        new InstanceConfig(
            2,
            InstanceConfig.Provider.CPU,
            Map.of("enable_mem_arena", "0", "enable_mem_pattern", "0"),
            Map.of("session.intra_op.allow_spinning", "1", "session.set_denormal_as_zero", "1"),
            2);
    try (EngineInstance instance = open(TestModels.read("identity_int8"), config)) {
      instance.input(0, 4).set(ValueLayout.JAVA_BYTE, 0, (byte) 9);
      instance.run(new long[][] {{1, 4}});
      assertEquals(9, instance.output(0).get(ValueLayout.JAVA_BYTE, 0));
    }
  }

  @Test
  void refusesABatchThatIsLargerThanTheLargestTensor() throws Exception {
    InstanceConfig config =
        new InstanceConfig(
            Integer.MAX_VALUE - 1, InstanceConfig.Provider.CPU, Map.of(), Map.of(), 1);
    String message = refusal(TestModels.read("simple"), config);
    assertContains("'INPUT0' takes 64 bytes a row", message);
  }

  @Test
  void passesStringsOfTheBasicPlaneUnchanged() throws Exception {
    try (EngineInstance instance = open("identity_bytes")) {
      assertEquals(DataType.BYTES, instance.signature().inputs().get(0).type());
      writeString(instance, "ÿ€￿\u0001".getBytes(StandardCharsets.UTF_8));
      instance.run(new long[][] {{1, 4}});
      assertEquals("ÿ€￿\u0001", text(instance.output(0)));
    }
  }

  private static String text(MemorySegment output) {
    int length = output.get(ValueLayout.JAVA_INT_UNALIGNED, 0);
    byte[] bytes = output.asSlice(4, length).toArray(ValueLayout.JAVA_BYTE);
    return new String(bytes, StandardCharsets.UTF_8);
  }

  @ParameterizedTest
  @ValueSource(strings = {"\uD83D\uDE00", "a\u0000b"})
  void refusesStringsThatTheModelWouldSeeChanged(String text) throws Exception {
    try (EngineInstance instance = open("identity_bytes")) {
      writeString(instance, text.getBytes(StandardCharsets.UTF_8));
      EngineException refused =
          assertThrows(EngineException.class, () -> instance.run(new long[][] {{1, 4}}));
      assertContains("input 'INPUT': element 0", Objects.requireNonNull(refused.getMessage()));
    }
  }

  @Test
  void refusesBytesThatAreNoText() throws Exception {
    try (EngineInstance instance = open("identity_bytes")) {
      writeString(instance, new byte[] {(byte) 0xff, 0x41});
      EngineException refused =
          assertThrows(EngineException.class, () -> instance.run(new long[][] {{1, 4}}));
      assertContains("not UTF-8", Objects.requireNonNull(refused.getMessage()));
    }
  }
}
