package io.javelin.server.http;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/// Small HTTP/1.1 servers over fixed tables of GET paths.
public final class HttpFront implements AutoCloseable {
  private static final int MAX_BODY_BYTES = 64 * 1024;

  private final EventLoopGroup group =
      new MultiThreadIoEventLoopGroup(
          1, new DefaultThreadFactory("http"), NioIoHandler.newFactory());
  private final List<Channel> listening = new ArrayList<>();

  /// Listens on `address` and answers the paths of `routes`; returns the port in use.
  ///
  /// @throws IOException when the port is taken
  public int listen(InetSocketAddress address, Map<String, HttpRoute> routes) throws IOException {
    Map<String, HttpRoute> table = Map.copyOf(routes);
    ServerBootstrap bootstrap =
        new ServerBootstrap()
            .group(group)
            .channel(NioServerSocketChannel.class)
            .childHandler(
                new ChannelInitializer<SocketChannel>() {
                  @Override
                  protected void initChannel(SocketChannel channel) {
                    channel
                        .pipeline()
                        .addLast(
                            new HttpServerCodec(),
                            new HttpObjectAggregator(MAX_BODY_BYTES),
                            new RouteHandler(table));
                  }
                });
    var bound = bootstrap.bind(address).awaitUninterruptibly();
    if (!bound.isSuccess()) {
      throw new IOException("cannot listen on " + address, bound.cause());
    }
    listening.add(bound.channel());
    return ((InetSocketAddress) bound.channel().localAddress()).getPort();
  }

  @Override
  public void close() {
    listening.forEach(channel -> channel.close().awaitUninterruptibly());
    group.shutdownGracefully(0, 5, TimeUnit.SECONDS).awaitUninterruptibly(5, TimeUnit.SECONDS);
  }
}
