package io.javelin.server.grpc;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.protobuf.ByteString;
import inference.ModelInferRequest;
import inference.ModelInferResponse;
import io.javelin.server.grpc.GatherScatterBenchmark.Shape;
import io.javelin.server.pipeline.InferRequest;
import io.javelin.server.pipeline.TensorBytes;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class CodecBenchmarksTest {
  @ParameterizedTest
  @ValueSource(ints = {32, 1024, 150_528})
  void everyDecoderReadsTheWholeTensor(int floats) throws Exception {
    DecodeBenchmark benchmark = new DecodeBenchmark();
    benchmark.floats = floats;
    benchmark.encode();

    ModelInferRequest expected = benchmark.generatedFromArray();

    assertEquals(floats * Float.BYTES, expected.getRawInputContents(0).size());
    assertEquals(expected, benchmark.generatedFromDirectBuffer());
    assertEquals(expected, benchmark.generatedFromDirectBuffer(), "the buffer was used up");
    assertEquals(expected.getRawInputContents(0), tensor(benchmark.inPlace()));
    assertEquals(expected.getRawInputContents(0), tensor(benchmark.inFrames()));
  }

  @ParameterizedTest
  @ValueSource(ints = {32, 150_528})
  void bothEncodersWriteTheSameAnswer(int floats) throws IOException {
    EncodeReplyBenchmark benchmark = new EncodeReplyBenchmark();
    benchmark.floats = floats;
    benchmark.answer();
    try {
      int size = benchmark.drain();
      ModelInferResponse drained = ModelInferResponse.parseFrom(benchmark.sink().written());
      benchmark.generated();

      assertEquals(size, drained.getSerializedSize());
      assertEquals(floats * Float.BYTES, drained.getRawOutputContents(0).size());
      assertEquals(drained, ModelInferResponse.parseFrom(benchmark.sink().written()));
    } finally {
      benchmark.close();
    }
  }

  @ParameterizedTest
  @EnumSource(Shape.class)
  void everyRunAnswersEveryRequestOfTheBatch(Shape shape) throws IOException {
    GatherScatterBenchmark benchmark = new GatherScatterBenchmark();
    benchmark.shape = shape;
    benchmark.prepare();
    try {
      long first = benchmark.batch();
      ModelInferResponse last = ModelInferResponse.parseFrom(benchmark.replies().sink().written());

      assertEquals(shape.requests() * (long) last.getSerializedSize(), first);
      assertEquals(2 * first, benchmark.batch());
      assertEquals(rowOf(shape.floats()), last.getRawOutputContents(0));
    } finally {
      benchmark.close();
    }
  }

  private static ByteString rowOf(int floats) throws IOException {
    return ModelInferRequest.parseFrom(SampleRequest.ofFloats(floats).message())
        .getRawInputContents(0);
  }

  private static ByteString tensor(InferRequest request) {
    TensorBytes data = request.inputs().getFirst().data();
    if (data == null) {
      throw new AssertionError("no data");
    }
    byte[] bytes = new byte[Math.toIntExact(data.size())];
    data.copyTo(MemorySegment.ofArray(bytes), 0);
    return ByteString.copyFrom(bytes);
  }
}
