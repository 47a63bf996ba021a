package io.javelin.benchmarks.bench.server;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import com.google.protobuf.ByteString;
import inference.GRPCInferenceServiceGrpc.GRPCInferenceServiceImplBase;
import inference.ModelInferRequest;
import inference.ModelInferRequest.InferInputTensor;
import inference.ModelInferResponse;
import inference.ModelInferResponse.InferOutputTensor;
import io.grpc.Server;
import io.grpc.Status;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Executors;
import java.util.stream.LongStream;

/// What a competent Java team writes in an afternoon: grpc-java with generated classes, a virtual
/// thread for each call, a small pool of ONNX Runtime sessions with one thread each, no batching.
///
/// Arguments: model name, model file, number of sessions. Prints its port, then serves until it is
/// killed.
public final class NaiveServer extends GRPCInferenceServiceImplBase {
  private static final int MAX_MESSAGE_BYTES = 64 * 1024 * 1024;

  private final String model;
  private final OrtEnvironment environment = OrtEnvironment.getEnvironment();
  private final BlockingQueue<OrtSession> sessions;

  NaiveServer(String model, String file, int sessionCount) throws OrtException {
    this.model = model;
    sessions = new ArrayBlockingQueue<>(sessionCount);
    for (int i = 0; i < sessionCount; i++) {
      try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
        options.setIntraOpNumThreads(1);
        sessions.add(environment.createSession(file, options));
      }
    }
  }

  /// Runs the server.
  public static void main(String[] arguments)
      throws OrtException, IOException, InterruptedException {
    NaiveServer service =
        new NaiveServer(arguments[0], arguments[1], Integer.parseInt(arguments[2]));
    Server server =
        NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
            .executor(Executors.newVirtualThreadPerTaskExecutor())
            .maxInboundMessageSize(MAX_MESSAGE_BYTES)
            .addService(service)
            .build()
            .start();
    System.out.println(server.getPort());
    server.awaitTermination();
  }

  @Override
  public void modelInfer(ModelInferRequest request, StreamObserver<ModelInferResponse> observer) {
    if (!request.getModelName().equals(model)) {
      observer.onError(Status.NOT_FOUND.withDescription(request.getModelName()).asException());
      return;
    }
    try {
      observer.onNext(infer(request));
      observer.onCompleted();
    } catch (OrtException e) {
      observer.onError(Status.INVALID_ARGUMENT.withDescription(e.getMessage()).asException());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      observer.onError(Status.CANCELLED.asException());
    }
  }

  private ModelInferResponse infer(ModelInferRequest request)
      throws OrtException, InterruptedException {
    InferInputTensor input = request.getInputs(0);
    OrtSession session = sessions.take();
    try (OnnxTensor tensor = tensor(input, request.getRawInputContents(0));
        OrtSession.Result result = session.run(Map.of(input.getName(), tensor))) {
      OnnxTensor output = (OnnxTensor) result.get(0);
      return ModelInferResponse.newBuilder()
          .setModelName(model)
          .setModelVersion("1")
          .setId(request.getId())
          .addOutputs(
              InferOutputTensor.newBuilder()
                  .setName(session.getOutputNames().iterator().next())
                  .setDatatype("FP32")
                  .addAllShape(shape(output)))
          .addRawOutputContents(bytes(output.getFloatBuffer()))
          .build();
    } finally {
      sessions.put(session);
    }
  }

  private OnnxTensor tensor(InferInputTensor input, ByteString raw) throws OrtException {
    ByteBuffer bytes = raw.asReadOnlyByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
    long[] shape = input.getShapeList().stream().mapToLong(Long::longValue).toArray();
    return switch (input.getDatatype()) {
      case "FP32" -> OnnxTensor.createTensor(environment, bytes.asFloatBuffer(), shape);
      case "INT64" -> OnnxTensor.createTensor(environment, bytes.asLongBuffer(), shape);
      default -> throw new OrtException("expected FP32 or INT64, got " + input.getDatatype());
    };
  }

  private static List<Long> shape(OnnxTensor output) {
    return LongStream.of(output.getInfo().getShape()).boxed().toList();
  }

  private static ByteString bytes(FloatBuffer floats) {
    ByteBuffer bytes =
        ByteBuffer.allocate(floats.remaining() * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(floats);
    return ByteString.copyFrom(bytes);
  }
}
