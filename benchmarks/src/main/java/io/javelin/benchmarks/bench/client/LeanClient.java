package io.javelin.benchmarks.bench.client;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.Status;
import io.javelin.benchmarks.load.Arrivals;
import io.javelin.benchmarks.load.ClientChannels;
import io.javelin.benchmarks.load.TimerSlack;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;

/// One connection to one server, loaded one slice at a time.
public final class LeanClient implements AutoCloseable {
  private static final Duration ANSWER_TIMEOUT = Duration.ofSeconds(20);

  private final ClientChannels channels;
  private final Channel channel;
  private final LongSupplier nanoClock;

  /// Opens the client; the connection is made by the first request.
  ///
  /// @param nanoClock monotonic nanoseconds, read by the event loop
  public LeanClient(InetSocketAddress target, LongSupplier nanoClock) {
    this.nanoClock = nanoClock;
    channels = new ClientChannels(target, 1);
    channel = channels.channels().getFirst();
    channels.eventLoop().execute(TimerSlack::shrinkForThisThread);
  }

  /// Sends one request and returns the serialised answer.
  ///
  /// @throws io.grpc.StatusRuntimeException when the server refuses it
  public byte[] ask(byte[] request) throws InterruptedException {
    CompletableFuture<byte[]> answer = new CompletableFuture<>();
    ClientCall<byte[], byte[]> call = channel.newCall(LeanMethod.BYTES, CallOptions.DEFAULT);
    call.start(
        new ClientCall.Listener<>() {
          @Override
          public void onMessage(byte[] message) {
            answer.complete(message);
          }

          @Override
          public void onClose(Status status, Metadata trailers) {
            answer.completeExceptionally(status.asRuntimeException());
          }
        },
        new Metadata());
    call.request(2);
    call.sendMessage(request);
    call.halfClose();
    return await(answer, ANSWER_TIMEOUT);
  }

  /// Sends one slice of load, and returns when all is answered or given up.
  ///
  /// @param length of the slice, of which the first tenth is sent and not counted
  public SliceResult run(Traffic traffic, Arrivals arrivals, Duration length)
      throws InterruptedException {
    ScheduledExecutorService loop = channels.eventLoop();
    Slice slice = new Slice(channel, traffic, nanoClock);
    CompletableFuture<SliceResult> result = new CompletableFuture<>();
    loop.execute(() -> {
      SendPace pace =
          switch (arrivals) {
            case Arrivals.ClosedLoop(int concurrency) -> new ClosedPace(slice, concurrency);
            case Arrivals.OpenLoop(double rate) ->
                new PoissonPace(slice, loop, rate, traffic.seed());
          };
      slice.start(pace, length.toNanos());
    });
    Duration patience = ANSWER_TIMEOUT.plus(traffic.deadline());
    Future<?> ending =
        loop.schedule(
            () -> slice.awaitAnswers(result::complete), length.toNanos(), TimeUnit.NANOSECONDS);
    Future<?> givingUp =
        loop.schedule(slice::giveUp, length.plus(patience).toNanos(), TimeUnit.NANOSECONDS);
    try {
      return await(result, length.plus(patience.multipliedBy(2)));
    } finally {
      ending.cancel(false);
      givingUp.cancel(false);
    }
  }

  private static <T> T await(CompletableFuture<T> future, Duration timeout)
      throws InterruptedException {
    try {
      return future.get(timeout.toNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      throw new IllegalStateException("no answer within " + timeout, e);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    channels.close();
  }
}
