package io.javelin.server.grpc;

import io.javelin.server.pipeline.RequestLoops;
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
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.FastThreadLocal;
import io.netty.util.concurrent.FastThreadLocalThread;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;

/// The threads that read and write sockets: native epoll where it is available, NIO elsewhere.
/// Accepting connections shares the first loop.
public final class EventLoops implements RequestLoops, AutoCloseable {
  private final EventLoopGroup group;
  private final List<EventExecutor> loops;
  private final Class<? extends ServerChannel> channelType;

  private final FastThreadLocal<Integer> index =
      new FastThreadLocal<>() {
        @Override
        protected Integer initialValue() {
          return indexOfThisThread();
        }
      };

  /// @param name threads are named `<name>-<i>`
  public EventLoops(String name, int threads) {
    boolean epoll = Epoll.isAvailable();
    IoHandlerFactory handler = epoll ? EpollIoHandler.newFactory() : NioIoHandler.newFactory();
    this.group = new MultiThreadIoEventLoopGroup(threads, new DefaultThreadFactory(name), handler);
    this.loops = new ArrayList<>();
    group.forEach(loops::add);
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
  public int count() {
    return loops.size();
  }

  @Override
  public int current() {
    // Any other thread would only be given a slot that it never needs again.
    return Thread.currentThread() instanceof FastThreadLocalThread ? index.get() : ELSEWHERE;
  }

  private int indexOfThisThread() {
    for (int i = 0; i < loops.size(); i++) {
      if (loops.get(i).inEventLoop()) {
        return i;
      }
    }
    return ELSEWHERE;
  }

  @Override
  public void execute(int loop, Runnable task) {
    loops.get(loop).execute(task);
  }

  @Override
  public void schedule(int loop, Runnable task, long delayNanos) {
    var _ = loops.get(loop).schedule(task, delayNanos, TimeUnit.NANOSECONDS);
  }

  @Override
  public void runAndWait(int loop, Runnable task) {
    EventExecutor executor = loops.get(loop);
    if (!executor.isShuttingDown()) {
      try {
        executor.submit(task).syncUninterruptibly();
        return;
      } catch (RejectedExecutionException e) {
        // It has been stopped since.
      }
    }
    executor.terminationFuture().syncUninterruptibly();
    task.run();
  }

  @Override
  public void close() {
    group.shutdownGracefully(0, 5, TimeUnit.SECONDS).awaitUninterruptibly(5, TimeUnit.SECONDS);
  }
}
