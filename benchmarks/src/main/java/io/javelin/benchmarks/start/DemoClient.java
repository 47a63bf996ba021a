package io.javelin.benchmarks.start;

import com.google.protobuf.ByteString;
import inference.GRPCInferenceServiceGrpc;
import inference.GRPCInferenceServiceGrpc.GRPCInferenceServiceBlockingStub;
import inference.ModelInferRequest;
import inference.ModelInferRequest.InferInputTensor;
import io.javelin.benchmarks.load.ClientChannels;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;

/// Asks the demo's models, one row and one request at a time.
final class DemoClient implements AutoCloseable {
  private static final long DEADLINE_SECONDS = 10;

  private final ClientChannels channels;
  private final GRPCInferenceServiceBlockingStub stub;

  /// Connects with the first request.
  DemoClient(int grpcPort) {
    channels =
        new ClientChannels(new InetSocketAddress(InetAddress.getLoopbackAddress(), grpcPort), 1);
    stub = GRPCInferenceServiceGrpc.newBlockingStub(channels.channels().getFirst());
  }

  /// One row of zeros for `digits`, and its answer.
  ///
  /// @throws io.grpc.StatusRuntimeException when there is none
  void askDigits() {
    ask("digits", "pixels", 64);
  }

  /// The same for `cancer`, which has a shadow besides.
  void askCancer() {
    ask("cancer", "features", 30);
  }

  private void ask(String model, String input, int columns) {
    ModelInferRequest request =
        ModelInferRequest.newBuilder()
            .setModelName(model)
            .addInputs(
                InferInputTensor.newBuilder()
                    .setName(input)
                    .setDatatype("FP32")
                    .addShape(1)
                    .addShape(columns))
            .addRawInputContents(ByteString.copyFrom(new byte[columns * Float.BYTES]))
            .build();
    stub.withDeadlineAfter(DEADLINE_SECONDS, TimeUnit.SECONDS).modelInfer(request);
  }

  @Override
  public void close() {
    channels.close();
  }
}
