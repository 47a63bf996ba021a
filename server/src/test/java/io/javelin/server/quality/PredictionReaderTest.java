package io.javelin.server.quality;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.javelin.loader.engine.DataType;
import io.javelin.loader.engine.ModelSignature;
import io.javelin.loader.engine.TensorSpec;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import org.junit.jupiter.api.Test;

class PredictionReaderTest {
  private static final double DELTA = 1e-7;

  @Test
  void readsTheHighestScoreOfEachRow() {
    PredictionReader reader = chosen(batching(output("probabilities", DataType.FP32, -1L, 3L)));
    MemorySegment bytes = floats(0.1f, 0.7f, 0.2f, 0.5f, 0.25f, 0.25f);

    assertEquals(1, reader.classOf(bytes, 12, 0));
    assertEquals(0.7, reader.scoreOf(bytes, 12, 0), DELTA);
    assertEquals(0, reader.classOf(bytes, 12, 1));
    assertEquals(0.5, reader.scoreOf(bytes, 12, 1), DELTA);
    assertTrue(reader.probabilities());
  }

  @Test
  void theFirstOfEqualScoresWinsAndNanNever() {
    PredictionReader reader = chosen(batching(output("y", DataType.FP32, -1L, 3L)));
    MemorySegment bytes =
        floats(
            Float.NaN,
            2,
            2,
            Float.NaN,
            Float.NaN,
            Float.NaN,
            Float.NEGATIVE_INFINITY,
            Float.NaN,
            Float.NEGATIVE_INFINITY);

    assertEquals(1, reader.classOf(bytes, 12, 0));
    assertEquals(-1, reader.classOf(bytes, 12, 1));
    assertTrue(Double.isNaN(reader.scoreOf(bytes, 12, 1)));
    assertEquals(0, reader.classOf(bytes, 12, 2));
    assertFalse(reader.probabilities());
  }

  @Test
  void readsDoublesAndHalves() {
    PredictionReader doubles = chosen(batching(output("y", DataType.FP64, -1L, 2L)));
    ByteBuffer two = buffer(16).putDouble(-3).putDouble(-2.5);
    assertEquals(1, doubles.classOf(segment(two), 16, 0));
    assertEquals(-2.5, doubles.scoreOf(segment(two), 16, 0));

    PredictionReader halves = chosen(batching(output("y", DataType.FP16, -1L, 2L)));
    ByteBuffer half =
        buffer(4).putShort(Float.floatToFloat16(1.5f)).putShort(Float.floatToFloat16(0.25f));
    assertEquals(0, halves.classOf(segment(half), 4, 0));
    assertEquals(1.5, halves.scoreOf(segment(half), 4, 0));
  }

  @Test
  void aSingleScoreIsAValueWithoutAClass() {
    for (TensorSpec output :
        List.of(
            output("y", DataType.FP32, -1L),
            output("y", DataType.FP32, -1L, 1L),
            output("y", DataType.FP32, -1L, -1L))) {
      PredictionReader reader = chosen(batching(output));
      MemorySegment bytes = floats(1.5f, -2.5f);

      assertEquals(-1, reader.classOf(bytes, 4, 1));
      assertEquals(-2.5, reader.scoreOf(bytes, 4, 1));
    }
  }

  @Test
  void theNumberOfClassesMayComeFromTheRow() {
    PredictionReader reader = chosen(batching(output("y", DataType.FP32, -1L, -1L)));
    MemorySegment bytes = floats(1, 2, 3, 9, 8, 7);

    assertEquals(2, reader.classOf(bytes, 12, 0));
    assertEquals(0, reader.classOf(bytes, 12, 1));
    assertEquals(1, reader.classOf(bytes, 8, 0));
    assertEquals(9, reader.scoreOf(bytes, 8, 1), DELTA);
  }

  @Test
  void readsIntegerLabels() {
    PredictionReader longs = chosen(batching(output("label", DataType.INT64, -1L)));
    MemorySegment bytes = segment(buffer(24).putLong(4).putLong(-1).putLong(1L << 40));
    assertEquals(4, longs.classOf(bytes, 8, 0));
    assertEquals(-1, longs.classOf(bytes, 8, 1));
    assertEquals(Integer.MAX_VALUE, longs.classOf(bytes, 8, 2));
    assertTrue(Double.isNaN(longs.scoreOf(bytes, 8, 0)));

    PredictionReader ints = chosen(batching(output("label", DataType.INT32, -1L, 1L)));
    assertEquals(7, ints.classOf(segment(buffer(4).putInt(7)), 4, 0));
  }

  @Test
  void readsUnalignedBytes() {
    PredictionReader reader = chosen(batching(output("y", DataType.FP32, -1L)));
    ByteBuffer bytes = buffer(5).put((byte) 1).putFloat(2.5f);

    assertEquals(2.5, reader.scoreOf(segment(bytes).asSlice(1), 4, 0));
  }

  @Test
  void aModelWithoutBatchDimensionIsOneRow() {
    PredictionReader reader =
        chosen(new ModelSignature(List.of(), List.of(output("y", DataType.FP32, 1L, 3L)), false));

    assertEquals(2, reader.classOf(floats(1, 2, 3), 12, 0));
  }

  @Test
  void prefersScoresThenAValueThenALabel() {
    TensorSpec label = output("label", DataType.INT64, -1L);
    TensorSpec value = output("value", DataType.FP32, -1L, 1L);
    TensorSpec scores = output("probabilities", DataType.FP32, -1L, 2L);
    TensorSpec image = output("mask", DataType.FP32, -1L, 28L, 28L);

    assertEquals(3, chosen(batching(image, label, value, scores)).outputIndex());
    assertEquals(2, chosen(batching(image, label, value)).outputIndex());
    assertEquals(1, chosen(batching(image, label)).outputIndex());
    assertEquals(
        new PredictionChoice.Nothing(),
        PredictionChoice.of(batching(image), PredictionSpec.AUTOMATIC));
  }

  @Test
  void theNamedOutputIsTaken() {
    ModelSignature model =
        batching(
            output("probabilities", DataType.FP32, -1L, 2L), output("label", DataType.INT64, -1L));
    PredictionSpec spec = new PredictionSpec("label", List.of("no", "yes"), true);

    PredictionReader reader =
        assertInstanceOf(PredictionChoice.Chosen.class, PredictionChoice.of(model, spec)).reader();

    assertEquals(1, reader.outputIndex());
    assertEquals(List.of("no", "yes"), reader.classLabels());
    assertTrue(reader.probabilities());
  }

  @Test
  void refusesWhatDoesNotFitTheModel() {
    ModelSignature model =
        batching(
            output("y", DataType.FP32, -1L, 2L),
            output("text", DataType.BYTES, -1L),
            output("mask", DataType.FP32, -1L, 28L, 28L));

    assertEquals(
        "prediction output 'z' is unknown, the model has [y, text, mask]",
        error(model, new PredictionSpec("z", List.of(), null)));
    assertEquals(
        "prediction output 'text' is BYTES [-1], expected one FP16, FP32 or FP64 score or one per"
            + " class, or one INT32 or INT64 class per row",
        error(model, new PredictionSpec("text", List.of(), null)));
    assertTrue(
        error(model, new PredictionSpec("mask", List.of(), null)).contains("FP32 [-1, 28, 28]"));
    assertEquals(
        "3 class labels are given, output 'y' has 2 classes",
        error(model, new PredictionSpec(null, List.of("a", "b", "c"), null)));
  }

  private static String error(ModelSignature model, PredictionSpec spec) {
    return assertInstanceOf(PredictionChoice.Invalid.class, PredictionChoice.of(model, spec))
        .error();
  }

  private static PredictionReader chosen(ModelSignature model) {
    PredictionChoice choice = PredictionChoice.of(model, PredictionSpec.AUTOMATIC);
    return assertInstanceOf(PredictionChoice.Chosen.class, choice).reader();
  }

  private static ModelSignature batching(TensorSpec... outputs) {
    return new ModelSignature(List.of(), List.of(outputs), true);
  }

  private static TensorSpec output(String name, DataType type, Long... shape) {
    return new TensorSpec(name, type, List.of(shape));
  }

  static MemorySegment floats(float... values) {
    ByteBuffer bytes = buffer(values.length * Float.BYTES);
    for (float value : values) {
      bytes.putFloat(value);
    }
    return segment(bytes);
  }

  private static ByteBuffer buffer(int bytes) {
    return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  private static MemorySegment segment(ByteBuffer bytes) {
    return MemorySegment.ofBuffer(bytes.rewind());
  }
}
