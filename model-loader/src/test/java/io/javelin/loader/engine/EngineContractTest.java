package io.javelin.loader.engine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.javelin.loader.store.ModelArtifact;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.FutureTask;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What every [Engine] must do. A subclass brings the engine and its form of these models:
///
/// - `identity_<type>`: INPUT `[-1,4]` to OUTPUT, for each [DataType]
/// - `tokens`: TOKENS INT64 `[-1,-1]` to SAME, a copy, and TOTAL `[-1,1]`, the sum of each row
/// - `dynamic_bytes`, `dynamic_uint32`: INPUT `[-1,-1]` to OUTPUT
/// - `fixed`: INPUT FP32 `[2,3]` to OUTPUT
/// - `dynamic_without_batch`: INPUT FP32 `[1,-1]` to OUTPUT
/// - `scalar`: INPUT INT64 `[]` to OUTPUT
public abstract class EngineContractTest {
  protected static final int MAX_ROWS = 5;

  @TempDir protected Path directory;
  protected Engine engine;

  protected abstract Engine newEngine();

  protected abstract byte[] model(String name) throws IOException;

  @BeforeEach
  void createEngine() {
    engine = newEngine();
  }

  @AfterEach
  void closeEngine() {
    engine.close();
  }

  protected static InstanceConfig onCpu(int maxRows) {
    return new InstanceConfig(maxRows, InstanceConfig.Provider.CPU, Map.of(), Map.of(), 1);
  }

  protected ModelArtifact artifact() {
    return new ModelArtifact("m", 3, directory);
  }

  protected EngineInstance open(String name) throws Exception {
    Files.write(directory.resolve(engine.modelFileName()), model(name));
    return engine.open(artifact(), onCpu(MAX_ROWS));
  }

  protected static void write(EngineInstance instance, int index, byte[] bytes) {
    MemorySegment memory = instance.input(index, bytes.length);
    assertTrue(memory.byteSize() >= bytes.length);
    MemorySegment.copy(bytes, 0, memory, ValueLayout.JAVA_BYTE, 0, bytes.length);
  }

  protected static byte[] output(EngineInstance instance, int index) {
    return instance.output(index).toArray(ValueLayout.JAVA_BYTE);
  }

  protected static byte[] longs(long... values) {
    ByteBuffer bytes = ByteBuffer.allocate(8 * values.length).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asLongBuffer().put(values);
    return bytes.array();
  }

  protected static byte[] floats(float... values) {
    ByteBuffer bytes = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(values);
    return bytes.array();
  }

  protected static byte[] strings(String... values) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (String value : values) {
      byte[] encoded = value.getBytes(StandardCharsets.UTF_8);
      byte[] length =
          ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(encoded.length).array();
      bytes.writeBytes(length);
      bytes.writeBytes(encoded);
    }
    return bytes.toByteArray();
  }

  private static byte[] elements(DataType type, int count, RandomGenerator random) {
    if (type == DataType.BYTES) {
      String[] values = new String[count];
      for (int i = 0; i < count; i++) {
        values[i] = "é€x".repeat(random.nextInt(4));
      }
      return strings(values);
    }
    byte[] bytes = new byte[count * type.elementBytes()];
    random.nextBytes(bytes);
    if (type == DataType.BOOL) {
      for (int i = 0; i < bytes.length; i++) {
        bytes[i] &= 1;
      }
    }
    return bytes;
  }

  private static long[][] shapes(long... onlyInput) {
    return new long[][] {onlyInput};
  }

  private void runTokens(EngineInstance instance, int rows, int length) throws EngineException {
    long[] tokens = new long[rows * length];
    long[] totals = new long[rows];
    for (int i = 0; i < tokens.length; i++) {
      tokens[i] = 1L + i * 1_000_003L;
      totals[i / length] += tokens[i];
    }
    write(instance, 0, longs(tokens));
    instance.run(shapes(rows, length));
    assertArrayEquals(longs(tokens), output(instance, 0));
    assertArrayEquals(new long[] {rows, length}, instance.outputShape(0));
    assertArrayEquals(longs(totals), output(instance, 1));
    assertArrayEquals(new long[] {rows, 1}, instance.outputShape(1));
  }

  @Test
  void readsTheSignatureFromTheModel() throws Exception {
    try (EngineInstance instance = open("tokens")) {
      assertEquals(
          new ModelSignature(
              List.of(new TensorSpec("TOKENS", DataType.INT64, List.of(-1L, -1L))),
              List.of(
                  new TensorSpec("SAME", DataType.INT64, List.of(-1L, -1L)),
                  new TensorSpec("TOTAL", DataType.INT64, List.of(-1L, 1L))),
              true),
          instance.signature());
    }
  }

  @Test
  void doesNotBatchWithoutADynamicFirstDimension() throws Exception {
    for (String name : List.of("fixed", "dynamic_without_batch", "scalar")) {
      try (EngineInstance instance = open(name)) {
        assertFalse(instance.signature().batching(), name);
      }
    }
  }

  @ParameterizedTest
  @EnumSource(DataType.class)
  void givesEachRowOfEachTypeBackUnchanged(DataType type) throws Exception {
    RandomGenerator random = RandomGenerator.of("L64X128MixRandom");
    try (EngineInstance instance = open("identity_" + type.name().toLowerCase(Locale.ROOT))) {
      assertEquals(type, instance.signature().inputs().get(0).type());
      assertEquals(type, instance.signature().outputs().get(0).type());
      for (int rows : new int[] {1, MAX_ROWS, 2, 1, 3, 4, MAX_ROWS}) {
        byte[] input = elements(type, 4 * rows, random);
        write(instance, 0, input);
        instance.run(shapes(rows, 4));
        assertArrayEquals(input, output(instance, 0), rows + " rows");
        assertArrayEquals(new long[] {rows, 4}, instance.outputShape(0));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"dynamic_bytes", "dynamic_uint32"})
  void givesDynamicRowsOfTypesWithASpecialPathBack(String name) throws Exception {
    RandomGenerator random = RandomGenerator.of("L64X128MixRandom");
    try (EngineInstance instance = open(name)) {
      DataType type = instance.signature().inputs().get(0).type();
      for (int length : new int[] {1, 7, 300, 2}) {
        byte[] input = elements(type, 3 * length, random);
        write(instance, 0, input);
        instance.run(shapes(3, length));
        assertArrayEquals(input, output(instance, 0));
        assertArrayEquals(new long[] {3, length}, instance.outputShape(0));
      }
    }
  }

  @Test
  void hasOneResultForEachRow() throws Exception {
    try (EngineInstance instance = open("tokens")) {
      for (int rows = 1; rows <= MAX_ROWS; rows++) {
        runTokens(instance, rows, 3);
      }
    }
  }

  @Test
  void growsWithTheLongestRow() throws Exception {
    try (EngineInstance instance = open("tokens")) {
      for (int length : new int[] {1, 10, 1000, 3, 2000, 2001}) {
        runTokens(instance, 2, length);
      }
    }
  }

  @Test
  void takesRowsWithoutElements() throws Exception {
    try (EngineInstance instance = open("tokens")) {
      instance.input(0, 0);
      instance.run(shapes(2, 0));
      assertEquals(0, instance.output(0).byteSize());
      assertArrayEquals(new long[] {2, 0}, instance.outputShape(0));
      assertArrayEquals(longs(0, 0), output(instance, 1));
      runTokens(instance, 2, 2);
    }
  }

  @Test
  void handsTheSameMemoryOutAgain() throws Exception {
    try (EngineInstance instance = open("identity_fp32")) {
      MemorySegment input = instance.input(0, 16);
      instance.run(shapes(1, 4));
      long outputAddress = instance.output(0).address();
      assertEquals(input.address(), instance.input(0, 16).address());
      assertEquals(0, input.address() % 64, "aligned for vector instructions");
      instance.run(shapes(1, 4));
      assertEquals(outputAddress, instance.output(0).address());
    }
  }

  @Test
  void runsAFixedShapeAsOneRequest() throws Exception {
    try (EngineInstance instance = open("fixed")) {
      byte[] input = floats(1, 2, 3, 4, 5, 6);
      for (int run = 0; run < 2; run++) {
        write(instance, 0, input);
        instance.run(shapes(2, 3));
        assertArrayEquals(input, output(instance, 0));
        assertArrayEquals(new long[] {2, 3}, instance.outputShape(0));
      }
    }
  }

  @Test
  void runsADynamicShapeWithoutABatchDimension() throws Exception {
    try (EngineInstance instance = open("dynamic_without_batch")) {
      for (int length : new int[] {2, 100, 1}) {
        byte[] input = floats(new float[length]);
        write(instance, 0, input);
        instance.run(shapes(1, length));
        assertArrayEquals(input, output(instance, 0));
        assertArrayEquals(new long[] {1, length}, instance.outputShape(0));
      }
    }
  }

  @Test
  void runsAScalar() throws Exception {
    try (EngineInstance instance = open("scalar")) {
      write(instance, 0, longs(42));
      instance.run(shapes());
      assertArrayEquals(longs(42), output(instance, 0));
      assertArrayEquals(new long[0], instance.outputShape(0));
    }
  }

  @Test
  void staysUsableAfterAWrongShape() throws Exception {
    try (EngineInstance instance = open("identity_fp32")) {
      long[][][] wrong = {
        shapes(1, 3),
        shapes(4),
        shapes(1, 4, 1),
        shapes(0, 4),
        shapes(-1, 4),
        shapes(MAX_ROWS + 1, 4),
        {},
        {{1, 4}, {1, 4}},
      };
      byte[] input = floats(1, 2, 3, 4);
      for (long[][] shapes : wrong) {
        write(instance, 0, input);
        EngineException refused = assertThrows(EngineException.class, () -> instance.run(shapes));
        assertTrue(message(refused).contains("expected"), refused.getMessage());
        instance.run(shapes(1, 4));
        assertArrayEquals(input, output(instance, 0));
      }
    }
  }

  @Test
  void hasNoOutputAfterAFailedRun() throws Exception {
    try (EngineInstance instance = open("identity_fp32")) {
      assertThrows(IllegalStateException.class, () -> instance.output(0));
      write(instance, 0, floats(1, 2, 3, 4));
      instance.run(shapes(1, 4));
      assertThrows(EngineException.class, () -> instance.run(shapes(1, 5)));
      assertThrows(IllegalStateException.class, () -> instance.output(0));
      assertThrows(IllegalStateException.class, () -> instance.outputShape(0));
    }
  }

  @Test
  void refusesAShapeThatNobodyWrote() throws Exception {
    try (EngineInstance instance = open("tokens")) {
      write(instance, 0, longs(1, 2));
      assertThrows(EngineException.class, () -> instance.run(shapes(1, 1_000_000)));
      assertThrows(EngineException.class, () -> instance.run(shapes(MAX_ROWS, Long.MAX_VALUE / 2)));
      runTokens(instance, 1, 2);
    }
  }

  @Test
  void refusesStringsWhoseLengthsDoNotAddUp() throws Exception {
    try (EngineInstance instance = open("identity_bytes")) {
      byte[] good = strings("a", "", "ccc", "d");
      byte[] tooLong = good.clone();
      tooLong[0] = 100;
      byte[] negative = good.clone();
      negative[3] = -1;
      byte[] threeOnly = strings("a", "b", "c");
      for (byte[] bad : List.of(tooLong, negative, threeOnly)) {
        write(instance, 0, bad);
        assertThrows(EngineException.class, () -> instance.run(shapes(1, 4)));
      }
      write(instance, 0, good);
      instance.run(shapes(1, 4));
      assertArrayEquals(good, output(instance, 0));
    }
  }

  @Test
  void keepsTwoInstancesOfAModelApart() throws Exception {
    try (EngineInstance one = open("identity_fp32");
        EngineInstance two = open("identity_fp32")) {
      write(one, 0, floats(1, 1, 1, 1));
      write(two, 0, floats(2, 2, 2, 2));
      one.run(shapes(1, 4));
      two.run(shapes(1, 4));
      assertArrayEquals(floats(1, 1, 1, 1), output(one, 0));
      assertArrayEquals(floats(2, 2, 2, 2), output(two, 0));
    }
  }

  @Test
  void runsInAnotherThreadThanItWasOpenedIn() throws Exception {
    try (EngineInstance instance = open("identity_fp32")) {
      FutureTask<byte[]> run =
          new FutureTask<>(() -> {
            write(instance, 0, floats(1, 2, 3, 4));
            instance.run(shapes(1, 4));
            return output(instance, 0);
          });
      Thread.ofPlatform().start(run);
      assertArrayEquals(floats(1, 2, 3, 4), run.get());
    }
  }

  @Test
  void saysThatItIsClosed() throws Exception {
    EngineInstance instance = open("identity_fp32");
    MemorySegment memory = instance.input(0, 16);
    instance.run(shapes(1, 4));
    instance.close();
    instance.close();
    IllegalStateException closed =
        assertThrows(IllegalStateException.class, () -> instance.run(shapes(1, 4)));
    assertTrue(message(closed).contains("'m' version 3 is closed"), closed.getMessage());
    assertThrows(IllegalStateException.class, () -> instance.input(0, 16));
    assertThrows(IllegalStateException.class, () -> instance.output(0));
    assertThrows(IllegalStateException.class, () -> instance.outputShape(0));
    assertThrows(IllegalStateException.class, () -> memory.get(ValueLayout.JAVA_BYTE, 0));
  }

  @Test
  void refusesABatchOfNoRows() throws Exception {
    Files.write(directory.resolve(engine.modelFileName()), model("identity_fp32"));
    assertThrows(EngineException.class, () -> engine.open(artifact(), onCpu(0)));
  }

  @Test
  void ignoresTheMostRowsWithoutABatchDimension() throws Exception {
    Files.write(directory.resolve(engine.modelFileName()), model("fixed"));
    try (EngineInstance instance = engine.open(artifact(), onCpu(0))) {
      write(instance, 0, floats(1, 2, 3, 4, 5, 6));
      instance.run(shapes(2, 3));
      assertArrayEquals(floats(1, 2, 3, 4, 5, 6), output(instance, 0));
    }
  }

  @Test
  void namesTheFileThatIsMissing() {
    assertNamesTheFile();
  }

  @Test
  void namesTheFileThatIsADirectory() throws Exception {
    Files.createDirectory(directory.resolve(engine.modelFileName()));
    assertNamesTheFile();
  }

  @Test
  void namesTheFileThatIsEmpty() throws Exception {
    Files.createFile(directory.resolve(engine.modelFileName()));
    assertNamesTheFile();
  }

  @Test
  void namesTheFileThatIsNoModel() throws Exception {
    byte[] garbage = new byte[1000];
    RandomGenerator.of("L64X128MixRandom").nextBytes(garbage);
    Files.write(directory.resolve(engine.modelFileName()), garbage);
    assertNamesTheFile();
  }

  private void assertNamesTheFile() {
    EngineException failure =
        assertThrows(EngineException.class, () -> engine.open(artifact(), onCpu(MAX_ROWS)));
    String path = directory.resolve(engine.modelFileName()).toString();
    assertTrue(message(failure).contains(path), failure.getMessage());
    assertFalse(message(failure).endsWith(path), "says nothing but the path");
  }

  protected static String message(Exception exception) {
    return Objects.requireNonNull(exception.getMessage());
  }
}
