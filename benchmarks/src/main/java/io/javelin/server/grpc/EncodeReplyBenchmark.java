package io.javelin.server.grpc;

import com.google.protobuf.ByteString;
import inference.ModelInferResponse;
import inference.ModelInferResponse.InferOutputTensor;
import io.javelin.server.pipeline.BatchOutputs;
import io.javelin.server.pipeline.EchoBatch;
import io.javelin.server.pipeline.InferCall;
import io.javelin.server.pipeline.Refusal;
import io.javelin.server.pipeline.ReplyPort;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
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
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/// What it costs to encode one answer from the engine's memory into the transport's, beside what
/// protobuf's generated classes would cost.
///
/// Above 8 KB the B/op of `drain` must not grow with the tensor.
///
/// ```
/// java --enable-native-access=ALL-UNNAMED -cp 'benchmarks/target/dist/lib/*' org.openjdk.jmh.Main \
///     EncodeReplyBenchmark -prof gc
/// ```
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@State(Scope.Thread)
@Fork(1)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
public class EncodeReplyBenchmark {
  /// Elements of the one tensor: 128 bytes, 4 KB, and 600 KB.
  @Param({"32", "1024", "150528"})
  int floats;

  private @Nullable Answered answered;

  /// Runs a batch of one, whose outputs stay valid.
  @Setup
  public void answer() {
    answered = Answered.of(floats);
  }

  /// Frees the engine's memory.
  @TearDown
  public void close() {
    answered().batch.close();
  }

  /// The server's encoder.
  @Benchmark
  public int drain() throws IOException {
    Answered ready = answered();
    return new InferReply(ready.call, ready.outputs, 0).drainTo(ready.sink.restart());
  }

  /// The generated classes.
  @Benchmark
  public int generated() throws IOException {
    Answered ready = answered();
    ModelInferResponse response =
        ModelInferResponse.newBuilder()
            .setModelName(ready.call.request().model())
            .setModelVersion(Long.toString(ready.call.version()))
            .setId(ready.call.request().id())
            .addOutputs(
                InferOutputTensor.newBuilder()
                    .setName("y")
                    .setDatatype("FP32")
                    .addShape(1)
                    .addShape(floats))
            .addRawOutputContents(ByteString.copyFrom(ready.outputs.bytes(0).asByteBuffer()))
            .build();
    response.writeTo(ready.sink.restart());
    return response.getSerializedSize();
  }

  /// Where the last answer is.
  ReusedSink sink() {
    return answered().sink;
  }

  private Answered answered() {
    Answered ready = answered;
    if (ready == null) {
      throw new IllegalStateException("not set up");
    }
    return ready;
  }

  /// @param outputs hold the answer of `call` until the batch is closed
  private record Answered(EchoBatch batch, InferCall call, BatchOutputs outputs, ReusedSink sink) {
    static Answered of(int floats) {
      KeptAnswer kept = new KeptAnswer();
      EchoBatch batch =
          new EchoBatch(List.of(SampleRequest.ofFloats(floats).decoded()), floats, kept);
      batch.run();
      InferCall call = kept.call;
      BatchOutputs outputs = kept.outputs;
      if (call == null || outputs == null) {
        throw new IllegalStateException("the batch was not answered");
      }
      ReusedSink sink = new ReusedSink(floats * Float.BYTES + DrainedReplies.HEAD_BYTES);
      return new Answered(batch, call, outputs, sink);
    }
  }

  private static final class KeptAnswer implements ReplyPort {
    private @Nullable InferCall call;
    private @Nullable BatchOutputs outputs;

    @Override
    public void answer(InferCall answered, BatchOutputs answers, int firstRow) {
      call = answered;
      outputs = answers;
    }

    @Override
    public void refuse(InferCall refused, Refusal refusal) {
      throw new IllegalStateException(refusal.message());
    }
  }
}
