package io.javelin.benchmarks.load;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.Status;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// Sends one request at a time and records its end. `send` is called by one thread at a time; ends
/// arrive on the channels' event loop.
final class InferSender {
  static final Metadata.Key<String> USER_ID =
      Metadata.Key.of("x-user-id", Metadata.ASCII_STRING_MARSHALLER);
  static final Metadata.Key<String> VARIANT =
      Metadata.Key.of("javelin-variant", Metadata.ASCII_STRING_MARSHALLER);
  static final Metadata.Key<String> VERSION =
      Metadata.Key.of("javelin-model-version", Metadata.ASCII_STRING_MARSHALLER);

  private final RequestTemplate template;
  private final List<? extends Channel> channels;
  private final AnswerListener listener;
  private final LongSupplier nanoClock;
  private final String[] users;
  private final SplittableRandom random;
  private final long deadlineNanos;
  private final AtomicInteger inFlight = new AtomicInteger();
  private Runnable onEnded = () -> {};
  private int nextChannel;
  private int nextRequest;

  InferSender(
      LoadConfig config,
      RequestTemplate template,
      List<? extends Channel> channels,
      AnswerListener listener,
      LongSupplier nanoClock) {
    if (channels.isEmpty()) {
      throw new IllegalArgumentException("at least one channel is needed");
    }
    this.template = template;
    this.channels = List.copyOf(channels);
    this.listener = listener;
    this.nanoClock = nanoClock;
    users = new String[config.users()];
    for (int i = 0; i < users.length; i++) {
      users[i] = "user-" + i;
    }
    // Not the arrival times' own stream: the same users must come at every rate.
    random = new SplittableRandom(~config.seed());
    deadlineNanos = config.deadline().toNanos();
  }

  /// Calls `action` after each end, on the thread of the end. Set before the first request is sent.
  void onEnded(Runnable action) {
    onEnded = action;
  }

  /// Requests sent and not ended.
  int inFlight() {
    return inFlight.get();
  }

  /// Sends the next request, which was meant to start at `intendedNanos`.
  void send(long intendedNanos, LatencyRecorder recorder) {
    long lagNanos = nanoClock.getAsLong() - intendedNanos;
    recorder.onSent(lagNanos);
    inFlight.incrementAndGet();
    int request = nextRequest;
    nextRequest = request + 1 == template.size() ? 0 : request + 1;
    String user = users.length == 0 ? "" : users[random.nextInt(users.length)];
    ClientCall<byte[], byte[]> call =
        nextChannel().newCall(InferMethod.MODEL_INFER, options(lagNanos));
    Metadata headers = new Metadata();
    if (!user.isEmpty()) {
      headers.put(USER_ID, user);
    }
    call.start(new Exchange(request, user, intendedNanos, recorder), headers);
    call.request(2);
    call.sendMessage(template.request(request));
    call.halfClose();
  }

  private Channel nextChannel() {
    Channel channel = channels.get(nextChannel);
    nextChannel = nextChannel + 1 == channels.size() ? 0 : nextChannel + 1;
    return channel;
  }

  private CallOptions options(long lagNanos) {
    // The user's patience began at the intended start.
    return deadlineNanos == 0
        ? CallOptions.DEFAULT
        : CallOptions.DEFAULT.withDeadlineAfter(deadlineNanos - lagNanos, TimeUnit.NANOSECONDS);
  }

  /// One request in flight.
  private final class Exchange extends ClientCall.Listener<byte[]> {
    private final int request;
    private final String user;
    private final long intendedNanos;
    private final LatencyRecorder recorder;
    private @Nullable String variant;
    private @Nullable String version;
    private byte @Nullable [] response;

    Exchange(int request, String user, long intendedNanos, LatencyRecorder recorder) {
      this.request = request;
      this.user = user;
      this.intendedNanos = intendedNanos;
      this.recorder = recorder;
    }

    @Override
    public void onHeaders(Metadata headers) {
      variant = headers.get(VARIANT);
      version = headers.get(VERSION);
    }

    @Override
    public void onMessage(byte[] message) {
      response = message;
    }

    @Override
    public void onClose(Status status, Metadata trailers) {
      long nowNanos = nanoClock.getAsLong();
      String servedBy = known(variant, VARIANT, trailers);
      String servedVersion = known(version, VERSION, trailers);
      recorder.onAnswer(status.getCode(), servedBy, servedVersion, intendedNanos, nowNanos);
      inFlight.decrementAndGet();
      byte[] body = response;
      if (status.isOk() && body != null) {
        listener.onAnswer(body, user, request, servedBy, servedVersion);
      } else {
        listener.onFailure(status, user, servedBy, servedVersion);
      }
      onEnded.run();
    }

    // A refusal has only trailers.
    private static String known(
        @Nullable String header, Metadata.Key<String> key, Metadata trailers) {
      if (header != null) {
        return header;
      }
      String trailer = trailers.get(key);
      return trailer == null ? VariantSnapshot.UNKNOWN : trailer;
    }
  }
}
