package io.javelin.benchmarks.bench.server;

import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.netty.NettyServerBuilder;
import io.javelin.benchmarks.load.PreparedBytes;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;

/// The floor: answers every `ModelInfer` with the same bytes and does nothing else. Transport,
/// executor and limits are Javelin's; what Javelin adds is what it is measured by.
///
/// Arguments: the file with the serialised answer, and the number of event loops. Prints its port,
/// then serves until it is killed. Everything runs on the event loops.
public final class EchoServer {
  private static final int FLOW_CONTROL_WINDOW = 8 * 1024 * 1024;
  private static final int MAX_MESSAGE_BYTES = 64 * 1024 * 1024;
  private static final int MAX_CALLS_PER_CONNECTION = 10_000;
  private static final String SERVICE = "inference.GRPCInferenceService";

  private EchoServer() {}

  /// Runs the server.
  public static void main(String[] arguments) throws IOException, InterruptedException {
    byte[] answer = Files.readAllBytes(Path.of(arguments[0]));
    Server server = start(answer, Integer.parseInt(arguments[1]));
    System.out.println(server.getPort());
    server.awaitTermination();
  }

  static Server start(byte[] answer, int loops) throws IOException {
    boolean epoll = Epoll.isAvailable();
    IoHandlerFactory io = epoll ? EpollIoHandler.newFactory() : NioIoHandler.newFactory();
    Class<? extends ServerChannel> channelType =
        epoll ? EpollServerSocketChannel.class : NioServerSocketChannel.class;
    MultiThreadIoEventLoopGroup group = new MultiThreadIoEventLoopGroup(loops, io);
    MethodDescriptor<Integer, byte[]> method =
        MethodDescriptor.<Integer, byte[]>newBuilder()
            .setType(MethodDescriptor.MethodType.UNARY)
            .setFullMethodName(SERVICE + "/ModelInfer")
            .setRequestMarshaller(new Drain())
            .setResponseMarshaller(new PreparedAnswer())
            .build();
    return NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
        .bossEventLoopGroup(group)
        .workerEventLoopGroup(group)
        .channelType(channelType)
        .directExecutor()
        .maxInboundMessageSize(MAX_MESSAGE_BYTES)
        .flowControlWindow(FLOW_CONTROL_WINDOW)
        .maxConcurrentCallsPerConnection(MAX_CALLS_PER_CONNECTION)
        .addService(
            ServerServiceDefinition.builder(SERVICE).addMethod(method, new Answer(answer)).build())
        .build()
        .start();
  }

  /// Answers a call as soon as the request is there.
  private record Answer(byte[] bytes) implements ServerCallHandler<Integer, byte[]> {
    @Override
    public ServerCall.Listener<Integer> startCall(
        ServerCall<Integer, byte[]> call, Metadata headers) {
      call.request(2);
      return new ServerCall.Listener<>() {
        @Override
        public void onHalfClose() {
          call.sendHeaders(new Metadata());
          call.sendMessage(bytes);
          call.close(Status.OK, new Metadata());
        }
      };
    }
  }

  /// Reads a request to its end, as a server must, into memory that is used again: one copy, as a
  /// server needs it to bring the tensor to the model. One event loop at a time uses the memory.
  private static final class Drain implements MethodDescriptor.Marshaller<Integer> {
    private static final int CHUNK = 64 * 1024;

    private final ThreadLocal<byte[]> scratch = ThreadLocal.withInitial(() -> new byte[CHUNK]);

    @Override
    public InputStream stream(Integer value) {
      throw new UnsupportedOperationException("a server does not send requests");
    }

    @Override
    public Integer parse(InputStream stream) {
      byte[] chunk = scratch.get();
      try {
        int total = 0;
        for (int read = stream.read(chunk); read >= 0; read = stream.read(chunk)) {
          total += read;
        }
        return total;
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  /// Lets gRPC copy the answer straight into its frame.
  private static final class PreparedAnswer implements MethodDescriptor.Marshaller<byte[]> {
    @Override
    public InputStream stream(byte[] value) {
      return new PreparedBytes(value);
    }

    @Override
    public byte[] parse(InputStream stream) {
      throw new UnsupportedOperationException("a server does not parse answers");
    }
  }
}
