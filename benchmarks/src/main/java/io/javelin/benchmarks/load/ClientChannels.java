package io.javelin.benchmarks.load;

import inference.GRPCInferenceServiceGrpc;
import inference.ModelMetadataRequest;
import inference.ModelMetadataResponse;
import io.grpc.Channel;
import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/// Plaintext connections to one server on one event loop, without another thread: answers are
/// handled on the loop, where a hand-over would cost more than the request.
public final class ClientChannels implements AutoCloseable {
  private static final long METADATA_SECONDS = 10;
  private static final long CLOSE_SECONDS = 5;

  private final EventLoopGroup eventLoop;
  private final List<ManagedChannel> channels = new ArrayList<>();

  /// Opens `count` channels; a connection is made by the first request of each.
  public ClientChannels(InetSocketAddress target, int count) {
    if (count < 1) {
      throw new IllegalArgumentException("channels must be at least 1: " + count);
    }
    boolean epoll = Epoll.isAvailable();
    IoHandlerFactory io = epoll ? EpollIoHandler.newFactory() : NioIoHandler.newFactory();
    Class<? extends SocketChannel> channelType =
        epoll ? EpollSocketChannel.class : NioSocketChannel.class;
    eventLoop = new MultiThreadIoEventLoopGroup(1, new DefaultThreadFactory("load-io", true), io);
    for (int i = 0; i < count; i++) {
      channels.add(
          NettyChannelBuilder.forAddress(target)
              .eventLoopGroup(eventLoop)
              .channelType(channelType)
              .directExecutor()
              .usePlaintext()
              .disableRetry()
              .maxInboundMessageSize(Integer.MAX_VALUE)
              .build());
    }
  }

  /// The channels, in the order in which they were opened.
  public List<Channel> channels() {
    return List.copyOf(channels);
  }

  /// The thread of all channels. What runs on it may send without waking another thread, and must
  /// not block.
  public ScheduledExecutorService eventLoop() {
    return eventLoop;
  }

  /// Asks the server what a model looks like.
  ///
  /// @throws io.grpc.StatusRuntimeException when the server does not answer or knows no such model
  public ModelMetadataResponse modelMetadata(String model) {
    return GRPCInferenceServiceGrpc.newBlockingStub(channels.getFirst())
        .withDeadlineAfter(METADATA_SECONDS, TimeUnit.SECONDS)
        .modelMetadata(ModelMetadataRequest.newBuilder().setName(model).build());
  }

  /// Closes the connections; unanswered requests end with an error.
  @Override
  public void close() {
    channels.forEach(ManagedChannel::shutdownNow);
    try {
      for (ManagedChannel channel : channels) {
        channel.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS);
      }
      eventLoop
          .shutdownGracefully(0, CLOSE_SECONDS, TimeUnit.SECONDS)
          .await(CLOSE_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
