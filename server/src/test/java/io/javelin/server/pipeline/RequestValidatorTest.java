package io.javelin.server.pipeline;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import io.javelin.loader.engine.DataType;
import io.javelin.loader.engine.ModelSignature;
import io.javelin.loader.engine.TensorSpec;
import io.javelin.server.pipeline.InferRequest.Input;
import io.javelin.server.pipeline.InferRequest.Parameters;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RequestValidatorTest {
  private static final RequestValidator TWO_INPUTS =
      validator(
          true,
          new TensorSpec("a", DataType.FP32, List.of(-1L, 2L)),
          new TensorSpec("b", DataType.INT64, List.of(-1L, -1L)));

  private static final RequestValidator TEXT =
      validator(true, new TensorSpec("t", DataType.BYTES, List.of(-1L, 1L)));

  private static final RequestValidator UNBATCHED =
      validator(false, new TensorSpec("u", DataType.FP32, List.of(2L, -1L)));

  private static RequestValidator validator(boolean batching, TensorSpec... inputs) {
    List<TensorSpec> outputs =
        List.of(
            new TensorSpec("y", DataType.FP32, List.of(-1L)),
            new TensorSpec("z", DataType.FP32, List.of(-1L)));
    return new RequestValidator("m", new ModelSignature(List.of(inputs), outputs, batching));
  }

  private static Input input(String name, String type, int bytes, long... shape) {
    return new Input(name, type, shape, new HeapBytes(MemorySegment.ofArray(new byte[bytes])));
  }

  private static InferRequest request(List<String> outputs, Input... inputs) {
    return new InferRequest("m", "", "", List.of(inputs), outputs, Parameters.NONE);
  }

  private static RequestValidator.Result.Valid valid(RequestValidator by, InferRequest request) {
    return assertInstanceOf(RequestValidator.Result.Valid.class, by.validate(request, 4));
  }

  private static void assertInvalid(String message, RequestValidator by, InferRequest request) {
    RequestValidator.Result.Invalid invalid =
        assertInstanceOf(RequestValidator.Result.Invalid.class, by.validate(request, 4));
    assertEquals(message, invalid.refusal().message());
  }

  @Test
  void findsInputsByNameAndOutputsInTheModelsOrder() {
    RequestValidator.Result.Valid valid =
        valid(
            TWO_INPUTS,
            request(
                List.of("z", "y"),
                input("b", "INT64", 3 * 5 * 8, 3, 5),
                input("a", "FP32", 3 * 2 * 4, 3, 2)));

    assertEquals(3, valid.rows());
    assertArrayEquals(new int[] {1, 0}, valid.order());
    assertArrayEquals(new long[] {3, 2}, valid.shapes()[0]);
    assertArrayEquals(new long[] {3, 5}, valid.shapes()[1]);
    assertArrayEquals(new int[] {0, 1}, valid.outputs());
  }

  @Test
  void onlyRowsOfOneShapeMayShareABatch() {
    Object five = key(1, 5);
    assertEquals(five, key(3, 5), "the number of rows does not matter");
    assertNotEquals(five, key(1, 6));
  }

  private static Object key(int rows, int length) {
    return valid(
            TWO_INPUTS,
            request(
                List.of(),
                input("a", "FP32", rows * 8, rows, 2),
                input("b", "INT64", rows * length * 8, rows, length)))
        .batchKey();
  }

  @Test
  void aModelWithoutBatchDimensionTakesOneRow() {
    RequestValidator.Result.Valid valid =
        valid(UNBATCHED, request(List.of("z"), input("u", "FP32", 2 * 3 * 4, 2, 3)));

    assertEquals(1, valid.rows());
    assertArrayEquals(new int[] {1}, valid.outputs());
    assertInvalid(
        "All input dimensions should be specified for input 'u' for model 'm', got [2,-1]",
        UNBATCHED,
        request(List.of(), input("u", "FP32", 8, 2, -1)));
  }

  @Test
  void inputsMustAgreeOnTheNumberOfRows() {
    assertInvalid(
        "input 'b' batch size does not match other inputs for 'm': expected 2, got 3",
        TWO_INPUTS,
        request(List.of(), input("a", "FP32", 16, 2, 2), input("b", "INT64", 24, 3, 1)));
  }

  @Test
  void namesWhatIsMissing() {
    assertInvalid(
        "expected 2 inputs but got 1 inputs for model 'm'. Got input(s) ['a'], but missing required"
            + " input(s) ['b']. Please provide all required input(s).",
        TWO_INPUTS,
        request(List.of(), input("a", "FP32", 16, 2, 2)));
    assertInvalid(
        "unable to find data for input tensor 't' for model 'm' in request.",
        TEXT,
        request(List.of(), new Input("t", "BYTES", new long[] {1, 1}, null)));
  }

  @Test
  void aProductBeyondALongIsNoSize() {
    assertInvalid(
        "input byte size mismatch for input 'b' for model 'm'. Shape [1,%d] is too large, got 8"
            .formatted(Long.MAX_VALUE),
        TWO_INPUTS,
        request(List.of(), input("a", "FP32", 8, 1, 2), input("b", "INT64", 8, 1, Long.MAX_VALUE)));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "2|0000000000000000|",
        "1|0200000061620000|incomplete string length indicator for inference input 't' for model"
            + " 'm', expecting 4 bytes but only 2 bytes available.",
        "1|050000006162|incomplete string data for inference input 't' for model 'm', expecting"
            + " string of length 5 but only 2 bytes available",
        "1|ffffffff|incomplete string data for inference input 't' for model 'm', expecting string"
            + " of length 4294967295 but only 0 bytes available",
        "3|0000000000000000|expected 3 string elements for inference input 't' for model 'm', got"
            + " 2",
        "1|0000000000000000|unexpected number of string elements 2 for inference input 't' for"
            + " model 'm', expecting 1",
      })
  void countsTheStringsOfATextTensor(int rows, String hex, @Nullable String message) {
    byte[] bytes = HexFormat.of().parseHex(hex);
    InferRequest request =
        request(
            List.of(),
            new Input(
                "t", "BYTES", new long[] {rows, 1}, new HeapBytes(MemorySegment.ofArray(bytes))));
    if (message == null) {
      assertEquals(rows, valid(TEXT, request).rows());
    } else {
      assertInvalid(message, TEXT, request);
    }
  }

  /// Bytes in the heap.
  private record HeapBytes(MemorySegment bytes) implements TensorBytes {
    @Override
    public long size() {
      return bytes.byteSize();
    }

    @Override
    public void copyTo(long offset, long length, MemorySegment target, long targetOffset) {
      MemorySegment.copy(bytes, offset, target, targetOffset, length);
    }

    @Override
    public int intAt(long offset) {
      return bytes.get(ValueLayout.JAVA_INT_UNALIGNED, offset);
    }
  }
}
