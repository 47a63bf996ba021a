package io.javelin.server.grpc;

import com.google.protobuf.ByteString;
import inference.GRPCInferenceServiceGrpc;
import inference.GRPCInferenceServiceGrpc.GRPCInferenceServiceBlockingStub;
import inference.ModelInferRequest;
import inference.ModelInferRequest.InferInputTensor;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import io.grpc.Server;
import io.grpc.ServerServiceDefinition;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.NettyServerBuilder;
import io.javelin.loader.engine.DataType;
import io.javelin.loader.engine.ModelSignature;
import io.javelin.loader.engine.TensorSpec;
import io.javelin.server.pipeline.InferencePipeline;
import io.javelin.server.pipeline.ModelRuntime;
import io.javelin.server.pipeline.Rehearsal;
import io.javelin.server.pipeline.RequestTracer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Calls a pipeline over TCP, through the transport and the handler that users meet. Server and
/// client are made for one rehearsal: on the loopback address, on any free port, on an event loop
/// of their own, and gone afterwards, so that users' event loops have no part in it.
public final class LoopbackCaller implements Rehearsal.Caller {
  private static final Logger LOG = LoggerFactory.getLogger(LoopbackCaller.class);

  /// The requests carry neither.
  private static final CallerKeys KEYS = new CallerKeys("x-user-id", "", null, null);

  /// A request in hand may take longer than the rehearsal; then it is cancelled.
  private static final long REQUEST_SECONDS = 2;

  private static final long STOP_SECONDS = 5;

  /// Larger ones would cost more heap than the rehearsal is worth.
  private static final long MAX_TENSOR_BYTES = 64 * 1024 * 1024;

  private final RequestTracer noTracer;
  private final LongSupplier nanoClock;

  /// @param noTracer traces nothing
  public LoopbackCaller(RequestTracer noTracer, LongSupplier nanoClock) {
    this.noTracer = noTracer;
    this.nanoClock = nanoClock;
  }

  /// Never fails: a version that cannot be rehearsed serves all the same.
  @Override
  public void call(InferencePipeline stage, ModelRuntime runtime, int requests, long untilNanos) {
    try (EventLoops loops = new EventLoops("rehearsal", 1)) {
      Server server = server(loops, stage).start();
      ManagedChannel channel = channel(loops, server.getPort());
      try {
        send(channel, zeros(runtime), requests, untilNanos);
      } finally {
        // Both to their end: what they still have to say would find the event loop gone.
        channel.shutdownNow().awaitTermination(STOP_SECONDS, TimeUnit.SECONDS);
        server.shutdownNow().awaitTermination(STOP_SECONDS, TimeUnit.SECONDS);
      }
    } catch (StatusRuntimeException e) {
      // A model may well refuse zeros; what the path needed is loaded all the same.
      LOG.debug("rehearsal of '{}' ended with {}", runtime.model(), e.getStatus());
    } catch (IOException | RuntimeException e) {
      LOG.info("no rehearsal of '{}': {}", runtime.model(), e.toString());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void send(
      ManagedChannel channel, ModelInferRequest request, int requests, long untilNanos) {
    GRPCInferenceServiceBlockingStub stub = GRPCInferenceServiceGrpc.newBlockingStub(channel);
    for (int i = 0; i < requests && nanoClock.getAsLong() - untilNanos < 0; i++) {
      stub.withDeadlineAfter(REQUEST_SECONDS, TimeUnit.SECONDS).modelInfer(request);
    }
  }

  private Server server(EventLoops loops, InferencePipeline stage) {
    MethodDescriptor<InferMessage, InferReply> infer =
        GRPCInferenceServiceGrpc.getModelInferMethod().toBuilder(
                new InferRequestMarshaller(""), InferReply.MARSHALLER)
            .build();
    ModelInferHandler handler =
        new ModelInferHandler(stage, noTracer, KEYS, nanoClock, new LongAdder());
    return NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
        .bossEventLoopGroup(loops.group())
        .workerEventLoopGroup(loops.group())
        .channelType(loops.channelType())
        .directExecutor()
        .maxInboundMessageSize(Integer.MAX_VALUE)
        .addService(
            ServerServiceDefinition.builder(GRPCInferenceServiceGrpc.SERVICE_NAME)
                .addMethod(infer, handler)
                .build())
        .build();
  }

  private static ManagedChannel channel(EventLoops loops, int port) {
    return NettyChannelBuilder.forAddress(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), port))
        .eventLoopGroup(loops.group())
        .channelType(loops.clientChannelType())
        .directExecutor()
        .usePlaintext()
        .disableRetry()
        .maxInboundMessageSize(Integer.MAX_VALUE)
        .build();
  }

  /// One row of zeros, or of empty strings; a dynamic dimension is taken as 1.
  private static ModelInferRequest zeros(ModelRuntime runtime) {
    ModelSignature signature = runtime.signature();
    ModelInferRequest.Builder request =
        ModelInferRequest.newBuilder().setModelName(runtime.model()).setId("rehearsal");
    for (TensorSpec spec : signature.inputs()) {
      InferInputTensor.Builder input =
          InferInputTensor.newBuilder().setName(spec.name()).setDatatype(spec.type().name());
      // An empty string is its length prefix.
      long bytes = spec.type() == DataType.BYTES ? Integer.BYTES : spec.type().elementBytes();
      for (long dimension : spec.shape()) {
        long known = dimension < 0 ? 1 : dimension;
        input.addShape(known);
        bytes = Math.multiplyExact(bytes, known);
      }
      if (bytes > MAX_TENSOR_BYTES) {
        throw new IllegalArgumentException(
            "a row of '%s' has %d bytes, rehearsed are %d at most"
                .formatted(spec.name(), bytes, MAX_TENSOR_BYTES));
      }
      request.addInputs(input).addRawInputContents(ByteString.copyFrom(new byte[(int) bytes]));
    }
    return request.build();
  }
}
