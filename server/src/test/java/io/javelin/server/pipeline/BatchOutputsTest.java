package io.javelin.server.pipeline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.javelin.loader.engine.DataType;
import io.javelin.loader.engine.EngineException;
import io.javelin.loader.engine.EngineInstance;
import io.javelin.loader.engine.ModelSignature;
import io.javelin.loader.engine.TensorSpec;
import java.io.ByteArrayOutputStream;
import java.lang.foreign.MemorySegment;
import java.util.List;
import org.junit.jupiter.api.Test;

class BatchOutputsTest {
  /// An instance that has just run, with these outputs.
  private record Ran(ModelSignature signature, List<MemorySegment> outputs, List<long[]> shapes)
      implements EngineInstance {
    @Override
    public MemorySegment input(int index, long bytes) {
      throw new UnsupportedOperationException("only outputs are read");
    }

    @Override
    public void run(long[][] shapes) {}

    @Override
    public MemorySegment output(int index) {
      return outputs.get(index);
    }

    @Override
    public long[] outputShape(int index) {
      return shapes.get(index);
    }

    @Override
    public void close() {}
  }

  private static ModelSignature signature(boolean batching, DataType type, List<Long> shape) {
    TensorSpec spec = new TensorSpec("t", type, shape);
    return new ModelSignature(List.of(spec), List.of(spec), batching);
  }

  private static MemorySegment strings(int... lengths) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (int length : lengths) {
      bytes.write(length & 0xff);
      bytes.write(length >>> 8);
      bytes.write(0);
      bytes.write(0);
      bytes.writeBytes(new byte[length]);
    }
    return MemorySegment.ofArray(bytes.toByteArray());
  }

  private static BatchOutputs read(
      ModelSignature signature, MemorySegment bytes, int rows, long... shape) throws Exception {
    BatchOutputs outputs = new BatchOutputs(signature);
    outputs.read(new Ran(signature, List.of(bytes), List.of(shape)), rows);
    return outputs;
  }

  @Test
  void cutsNumbersIntoRowsOfEqualSize() throws Exception {
    BatchOutputs outputs =
        read(
            signature(true, DataType.FP32, List.of(-1L, 3L)),
            MemorySegment.ofArray(new byte[48]),
            4,
            4,
            3);

    assertEquals(0, outputs.offset(0, 0));
    assertEquals(24, outputs.offset(0, 2));
    assertEquals(48, outputs.offset(0, 4));
  }

  @Test
  void findsTheRowsOfStringsOfDifferentLengths() throws Exception {
    BatchOutputs outputs =
        read(
            signature(true, DataType.BYTES, List.of(-1L, 2L)),
            strings(0, 5, 300, 1, 0, 0),
            3,
            3,
            2);

    assertEquals(0, outputs.offset(0, 0));
    assertEquals(4 + 9, outputs.offset(0, 1));
    assertEquals(13 + 304 + 5, outputs.offset(0, 2));
    assertEquals(322 + 8, outputs.offset(0, 3));
    assertEquals(outputs.bytes(0).byteSize(), outputs.offset(0, 3));
  }

  @Test
  void takesTheWholeOutputAsOneRowWithoutABatchDimension() throws Exception {
    BatchOutputs text = read(signature(false, DataType.BYTES, List.of(3L)), strings(1, 2, 3), 1, 3);
    BatchOutputs numbers =
        read(signature(false, DataType.INT64, List.of()), MemorySegment.ofArray(new byte[8]), 1);

    assertEquals(18, text.offset(0, 1));
    assertEquals(8, numbers.offset(0, 1));
  }

  @Test
  void refusesAnOutputWithoutOneRowPerInputRow() {
    EngineException refused =
        assertThrows(
            EngineException.class,
            () ->
                read(
                    signature(true, DataType.FP32, List.of(-1L)),
                    MemorySegment.ofArray(new byte[4]),
                    2,
                    1));
    assertEquals("output 't' has shape [1], expected 2 rows", refused.getMessage());
  }
}
