package io.javelin.server.grpc;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.util.concurrent.TimeUnit;

/// The threads that read and write sockets: native epoll where it is available, NIO elsewhere.
/// Accepting connections shares the first loop.
final class EventLoops implements AutoCloseable {
  private final EventLoopGroup group;
  private final Class<? extends ServerChannel> channelType;

  EventLoops(String name, int threads) {
    boolean epoll = Epoll.isAvailable();
    IoHandlerFactory handler = epoll ? EpollIoHandler.newFactory() : NioIoHandler.newFactory();
    this.group = new MultiThreadIoEventLoopGroup(threads, new DefaultThreadFactory(name), handler);
    this.channelType = epoll ? EpollServerSocketChannel.class : NioServerSocketChannel.class;
  }

  /// The look for the native library is what takes time; its result is kept.
  static void preload() {
    Epoll.isAvailable();
  }

  EventLoopGroup group() {
    return group;
  }

  Class<? extends ServerChannel> channelType() {
    return channelType;
  }

  Class<? extends SocketChannel> clientChannelType() {
    return channelType == EpollServerSocketChannel.class
        ? EpollSocketChannel.class
        : NioSocketChannel.class;
  }

  String transport() {
    return channelType == EpollServerSocketChannel.class ? "epoll" : "nio";
  }

  @Override
  public void close() {
    group.shutdownGracefully(0, 5, TimeUnit.SECONDS).awaitUninterruptibly(5, TimeUnit.SECONDS);
  }
}
