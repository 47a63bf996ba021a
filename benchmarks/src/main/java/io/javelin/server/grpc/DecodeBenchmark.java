package io.javelin.server.grpc;

import inference.ModelInferRequest;
import io.javelin.server.pipeline.InferRequest;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/// What it costs to decode one request, beside what protobuf's generated classes would cost.
///
/// The server's decoder leaves tensor data where they were received, so neither its time nor its
/// B/op may grow with the tensor; up to one frame, `inFrames` repeats `inPlace`.
///
/// ```
/// java --enable-native-access=ALL-UNNAMED -cp 'benchmarks/target/dist/lib/*' org.openjdk.jmh.Main \
///     DecodeBenchmark -prof gc
/// ```
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@State(Scope.Thread)
@Fork(1)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
public class DecodeBenchmark {
  /// Elements of the one tensor: 128 bytes, 4 KB, and 600 KB (an image of 224 x 224).
  @Param({"32", "1024", "150528"})
  int floats;

  private List<ByteBuffer> oneBuffer = List.of();
  private List<ByteBuffer> frames = List.of();
  private ByteBuffer direct = ByteBuffer.allocate(0);
  private byte[] array = {};

  /// Encodes the request.
  @Setup
  public void encode() {
    SampleRequest request = SampleRequest.ofFloats(floats);
    direct = request.inDirectBuffer();
    oneBuffer = List.of(request.inDirectBuffer());
    frames = request.inFrames();
    array = request.message().toByteArray();
  }

  /// The server's decoder, the message in one buffer.
  @Benchmark
  public InferRequest inPlace() throws MalformedMessageException {
    return SampleRequest.decode(oneBuffer);
  }

  /// The server's decoder, a buffer for each 16 KB.
  @Benchmark
  public InferRequest inFrames() throws MalformedMessageException {
    return SampleRequest.decode(frames);
  }

  /// The generated class, from an array.
  @Benchmark
  public ModelInferRequest generatedFromArray() throws IOException {
    return ModelInferRequest.parseFrom(array);
  }

  /// The generated class, from direct memory.
  @Benchmark
  public ModelInferRequest generatedFromDirectBuffer() throws IOException {
    return ModelInferRequest.parseFrom(direct);
  }
}
