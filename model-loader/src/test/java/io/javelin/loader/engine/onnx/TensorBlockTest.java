package io.javelin.loader.engine.onnx;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.onnxruntime.OrtEnvironment;
import io.javelin.loader.engine.DataType;
import io.javelin.loader.engine.TensorSpec;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

final class TensorBlockTest {
  private static final TensorSpec FLOATS = new TensorSpec("X", DataType.FP32, List.of(-1L, 3L));

  @Test
  void makesTheTensorOfANumberOfRowsOnce() throws Exception {
    RowLayout layout = Objects.requireNonNull(RowLayout.of(FLOATS, true));
    try (TensorBlock block = new TensorBlock(OrtEnvironment.getEnvironment(), FLOATS, layout, 4)) {
      TensorBlock.Prefix three = block.prefix(3);
      TensorBlock.Prefix one = block.prefix(1);
      assertSame(three, block.prefix(3));
      assertSame(one, block.prefix(1));
      assertEquals(three.bytes.address(), one.bytes.address());
      assertEquals(36, three.bytes.byteSize());
      assertEquals(48, block.block().byteSize());
      assertArrayEquals(new long[] {3, 3}, three.tensor.getInfo().getShape());
    }
  }

  @Test
  void takesManyRows() throws Exception {
    RowLayout layout = Objects.requireNonNull(RowLayout.of(FLOATS, true));
    try (TensorBlock block =
        new TensorBlock(OrtEnvironment.getEnvironment(), FLOATS, layout, 1000)) {
      TensorBlock.Prefix one = block.prefix(1);
      assertEquals(12_000, block.prefix(1000).bytes.byteSize());
      assertEquals(1200, block.prefix(100).bytes.byteSize());
      assertSame(one, block.prefix(1));
    }
  }

  @Test
  void closesItsTensors() throws Exception {
    RowLayout layout = Objects.requireNonNull(RowLayout.of(FLOATS, true));
    TensorBlock block = new TensorBlock(OrtEnvironment.getEnvironment(), FLOATS, layout, 4);
    TensorBlock.Prefix prefix = block.prefix(2);
    block.close();
    assertTrue(prefix.tensor.isClosed());
  }

  @Test
  void hasALayoutOnlyIfTheRowsDecideTheSize() throws Exception {
    assertNotNull(RowLayout.of(FLOATS, true));
    assertNull(RowLayout.of(FLOATS, false));
    assertNull(RowLayout.of(new TensorSpec("X", DataType.FP32, List.of(-1L, -1L)), true));
    assertNull(RowLayout.of(new TensorSpec("X", DataType.BYTES, List.of(-1L, 3L)), true));
    assertNotNull(RowLayout.of(new TensorSpec("X", DataType.FP32, List.of()), false));
  }
}
