package io.javelin.server.grpc;

import inference.GRPCInferenceServiceGrpc;
import io.grpc.BindableService;
import io.grpc.MethodDescriptor;
import io.grpc.Server;
import io.grpc.ServerMethodDefinition;
import io.grpc.ServerServiceDefinition;
import io.grpc.ServiceDescriptor;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.protobuf.services.ProtoReflectionServiceV1;
import io.javelin.loader.lifecycle.ServingSet;
import io.javelin.server.pipeline.InferencePipeline;
import io.javelin.server.pipeline.ModelRuntime;
import io.javelin.server.pipeline.Readiness;
import io.javelin.server.pipeline.RequestTracer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/// The gRPC servers: inference (with health and reflection) and, on its own port, the admin API.
public final class GrpcFront implements AutoCloseable {
  private static final int FLOW_CONTROL_WINDOW = 8 * 1024 * 1024;

  /// Against floods of streams that are opened and reset at once. High, because a client resets
  /// each call that runs into its deadline: one busy client of an overloaded server does so
  /// thousands of times a second, and closing its connection would fail its other calls too.
  private static final int MAX_RESETS = 200_000;

  private static final int MAX_RESETS_SECONDS = 10;

  /// Where and how to listen.
  ///
  /// @param inference address of the inference port; port 0 = any free one
  /// @param admin address of the admin port
  /// @param maxMessageBytes largest request
  public record Settings(
      InetSocketAddress inference,
      InetSocketAddress admin,
      int maxMessageBytes,
      String serverName,
      CallerKeys callerKeys) {}

  /// What the front serves.
  public record Services(
      InferencePipeline pipeline,
      Supplier<ServingSet<ModelRuntime>> serving,
      Readiness readiness,
      HealthPublisher health,
      RequestTracer tracer,
      BindableService admin,
      LongSupplier nanoClock) {}

  private static final int MAX_CALLS_PER_CONNECTION = 10_000;
  private static final long DRAIN_STEP_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

  private final LongAdder inferring = new LongAdder();
  private final EventLoops loops;
  private final EventLoops adminLoops = new EventLoops("admin", 1);
  private final Server inference;
  private final Server admin;

  /// Starts listening.
  ///
  /// @param loops of the inference port; stopped by their owner after the front is closed
  /// @throws IOException when a port is taken
  public GrpcFront(Settings settings, Services services, EventLoops loops, String serverVersion)
      throws IOException {
    this.loops = loops;
    this.inference =
        builder(settings.inference(), loops, settings)
            .addService(inferenceService(settings, services, serverVersion, inferring))
            .addService(services.health().service())
            .addService(ProtoReflectionServiceV1.newInstance())
            .addService(reflectionV1Alpha())
            .build();
    this.admin =
        builder(settings.admin(), adminLoops, settings)
            .addService(services.admin())
            .addService(ProtoReflectionServiceV1.newInstance())
            .addService(reflectionV1Alpha())
            .build();
    try {
      inference.start();
      admin.start();
    } catch (IOException e) {
      close();
      throw e;
    }
  }

  /// Loads the transport's native library and its classes, so that the first front opens sooner.
  public static void preload() {
    EventLoops.preload();
    GRPCInferenceServiceGrpc.getServiceDescriptor();
  }

  /// The inference port in use.
  public int port() {
    return inference.getPort();
  }

  /// The admin port in use.
  public int adminPort() {
    return admin.getPort();
  }

  /// `epoll` or `nio`.
  public String transport() {
    return loops.transport();
  }

  /// Refuses new calls and waits for the running inference calls. Others are not waited for: a
  /// client that watches the server's health would hold up every stop.
  ///
  /// @return whether all ended in time
  public boolean drain(long timeoutNanos) throws InterruptedException {
    inference.shutdown();
    for (long left = timeoutNanos; left > 0; left -= DRAIN_STEP_NANOS) {
      boolean ended = inference.awaitTermination(DRAIN_STEP_NANOS, TimeUnit.NANOSECONDS);
      if (ended || inferring.sum() == 0) {
        return true;
      }
    }
    return false;
  }

  @Override
  public void close() {
    inference.shutdownNow();
    admin.shutdownNow();
    adminLoops.close();
  }

  private static NettyServerBuilder builder(
      InetSocketAddress address, EventLoops loops, Settings settings) {
    return NettyServerBuilder.forAddress(address)
        .bossEventLoopGroup(loops.group())
        .workerEventLoopGroup(loops.group())
        .channelType(loops.channelType())
        .directExecutor()
        .maxInboundMessageSize(settings.maxMessageBytes())
        .flowControlWindow(FLOW_CONTROL_WINDOW)
        .permitKeepAliveTime(10, TimeUnit.SECONDS)
        .permitKeepAliveWithoutCalls(true)
        .maxConcurrentCallsPerConnection(MAX_CALLS_PER_CONNECTION)
        .maxRstFramesPerWindow(MAX_RESETS, MAX_RESETS_SECONDS);
  }

  /// The older name of the same service: released versions of common tools know only this one.
  @SuppressWarnings("deprecation")
  private static BindableService reflectionV1Alpha() {
    return io.grpc.protobuf.services.ProtoReflectionService.newInstance();
  }

  /// The generated service, with ModelInfer replaced by the path that does not copy tensors. The
  /// generated descriptor stays, so that reflection still shows the whole protocol.
  private static ServerServiceDefinition inferenceService(
      Settings settings, Services services, String version, LongAdder inferring) {
    ServerServiceDefinition generated =
        new InferenceService(
                new InferenceService.ServerIdentity(settings.serverName(), version),
                services.readiness(),
                services.pipeline(),
                services.serving())
            .bindService();
    MethodDescriptor<InferMessage, InferReply> infer =
        GRPCInferenceServiceGrpc.getModelInferMethod().toBuilder(
                new InferRequestMarshaller(
                    settings.callerKeys().userIdParameter(),
                    settings.callerKeys().tenantParameter()),
                InferReply.MARSHALLER)
            .build();
    ServiceDescriptor.Builder descriptor =
        ServiceDescriptor.newBuilder(generated.getServiceDescriptor().getName())
            .setSchemaDescriptor(generated.getServiceDescriptor().getSchemaDescriptor());
    for (MethodDescriptor<?, ?> method : generated.getServiceDescriptor().getMethods()) {
      descriptor.addMethod(isInfer(method, infer) ? infer : method);
    }
    ServerServiceDefinition.Builder service = ServerServiceDefinition.builder(descriptor.build());
    for (ServerMethodDefinition<?, ?> method : generated.getMethods()) {
      if (!isInfer(method.getMethodDescriptor(), infer)) {
        service.addMethod(method);
      }
    }
    return service
        .addMethod(
            infer,
            new ModelInferHandler(
                services.pipeline(),
                services.tracer(),
                settings.callerKeys(),
                services.nanoClock(),
                inferring))
        .build();
  }

  private static boolean isInfer(MethodDescriptor<?, ?> method, MethodDescriptor<?, ?> infer) {
    return method.getFullMethodName().equals(infer.getFullMethodName());
  }
}
