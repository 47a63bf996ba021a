package io.javelin.benchmarks.bench.client;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.Status;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/// The requests of one slice of load and what became of them. Confined to the event loop: no
/// counter is atomic, no histogram is shared.
final class Slice {
  private static final Metadata.Key<String> USER_ID =
      Metadata.Key.of("x-user-id", Metadata.ASCII_STRING_MARSHALLER);
  private static final long LEAD_IN_SHARE = 10;
  private static final long LOWEST_NANOS = 100;
  private static final long HIGHEST_NANOS = TimeUnit.MINUTES.toNanos(2);
  private static final int SIGNIFICANT_DIGITS = 3;

  private final Channel channel;
  private final List<byte[]> requests;
  private final String[] users;
  private final SplittableRandom random;
  private final LongSupplier nanoClock;
  private final long deadlineNanos;
  private final Histogram latency = newHistogram();
  private final Histogram refusalLatency = newHistogram();
  private final Histogram sendLag = newHistogram();
  private final long[] byCode = new long[Status.Code.values().length];
  private @Nullable SendPace pace;
  private @Nullable Consumer<SliceResult> whenAnswered;
  private long measureNanos;
  private long endNanos;
  private long lastAnswerNanos;
  private long offered;
  private long overruns;
  private long inTime;
  private long allAnswered;
  private int inFlight;
  private int measuredInFlight;
  private int nextRequest;

  Slice(Channel channel, Traffic traffic, LongSupplier nanoClock) {
    this.channel = channel;
    this.nanoClock = nanoClock;
    requests = traffic.requests();
    users = new String[traffic.users()];
    for (int i = 0; i < users.length; i++) {
      users[i] = "user-" + i;
    }
    // Not the arrival times' own stream: the same users must come at every rate.
    random = new SplittableRandom(~traffic.seed());
    deadlineNanos = traffic.deadline().toNanos();
  }

  private static Histogram newHistogram() {
    return new Histogram(LOWEST_NANOS, HIGHEST_NANOS, SIGNIFICANT_DIGITS);
  }

  void start(SendPace sendPace, long lengthNanos) {
    long nowNanos = nanoClock.getAsLong();
    measureNanos = nowNanos + lengthNanos / LEAD_IN_SHARE;
    endNanos = nowNanos + lengthNanos;
    lastAnswerNanos = endNanos;
    pace = sendPace;
    sendPace.begin(nowNanos);
  }

  long nowNanos() {
    return nanoClock.getAsLong();
  }

  boolean isOver(long nanos) {
    return nanos - endNanos >= 0;
  }

  int inFlight() {
    return inFlight;
  }

  /// A request is due and cannot be sent.
  void skip(long intendedNanos) {
    if (isMeasured(intendedNanos)) {
      offered++;
      overruns++;
    }
  }

  /// Sends the next request, which was meant to start at `intendedNanos`.
  void send(long intendedNanos, long nowNanos) {
    inFlight++;
    if (isMeasured(intendedNanos)) {
      offered++;
      measuredInFlight++;
      sendLag.recordValue(Math.clamp(nowNanos - intendedNanos, 0, HIGHEST_NANOS));
    }
    byte[] request = requests.get(nextRequest);
    nextRequest = nextRequest + 1 == requests.size() ? 0 : nextRequest + 1;
    Metadata headers = new Metadata();
    if (users.length > 0) {
      headers.put(USER_ID, users[random.nextInt(users.length)]);
    }
    ClientCall<byte[], Integer> call =
        channel.newCall(LeanMethod.LENGTH, options(nowNanos - intendedNanos));
    call.start(new Exchange(intendedNanos), headers);
    call.request(2);
    call.sendMessage(request);
    call.halfClose();
  }

  private CallOptions options(long lagNanos) {
    // The user's patience began at the intended start.
    return deadlineNanos == 0
        ? CallOptions.DEFAULT
        : CallOptions.DEFAULT.withDeadlineAfter(deadlineNanos - lagNanos, TimeUnit.NANOSECONDS);
  }

  private boolean isMeasured(long intendedNanos) {
    return intendedNanos - measureNanos >= 0;
  }

  private void onEnd(Status.Code code, long intendedNanos) {
    long nowNanos = nanoClock.getAsLong();
    inFlight--;
    allAnswered++;
    if (isMeasured(intendedNanos)) {
      measuredInFlight--;
      record(code, nowNanos - intendedNanos, nowNanos);
    }
    SendPace sending = pace;
    if (sending != null) {
      sending.onEnd(nowNanos);
    }
    finishIfAnswered();
  }

  private void record(Status.Code code, long nanos, long nowNanos) {
    byCode[code.value()]++;
    lastAnswerNanos = Math.max(lastAnswerNanos, nowNanos);
    boolean ok = code == Status.Code.OK;
    (ok ? latency : refusalLatency).recordValue(Math.clamp(nanos, 0, HIGHEST_NANOS));
    if (ok && (deadlineNanos == 0 || nanos <= deadlineNanos)) {
      inTime++;
    }
  }

  /// The slice has ended: tells the result as soon as everything is answered.
  void awaitAnswers(Consumer<SliceResult> listener) {
    whenAnswered = listener;
    finishIfAnswered();
  }

  /// Tells the result although answers are missing.
  void giveUp() {
    tell();
  }

  private void finishIfAnswered() {
    if (inFlight == 0) {
      tell();
    }
  }

  private void tell() {
    Consumer<SliceResult> listener = whenAnswered;
    if (listener != null) {
      whenAnswered = null;
      if (pace != null) {
        pace.stop();
      }
      listener.accept(result());
    }
  }

  private SliceResult result() {
    Map<Status.Code, Long> failures = new EnumMap<>(Status.Code.class);
    for (Status.Code code : Status.Code.values()) {
      if (code != Status.Code.OK && byCode[code.value()] > 0) {
        failures.put(code, byCode[code.value()]);
      }
    }
    return new SliceResult(
        endNanos - measureNanos,
        lastAnswerNanos - measureNanos,
        new SliceResult.Counts(offered, byCode[0], inTime, overruns, measuredInFlight, allAnswered),
        failures,
        latency,
        refusalLatency,
        sendLag);
  }

  /// One request in flight.
  private final class Exchange extends ClientCall.Listener<Integer> {
    private final long intendedNanos;
    private int answerBytes;

    Exchange(long intendedNanos) {
      this.intendedNanos = intendedNanos;
    }

    @Override
    public void onMessage(Integer bytes) {
      answerBytes = bytes;
    }

    @Override
    public void onClose(Status status, Metadata trailers) {
      Status.Code code = status.getCode();
      // An empty OK answer would be a server that skips the work.
      onEnd(
          code == Status.Code.OK && answerBytes == 0 ? Status.Code.DATA_LOSS : code, intendedNanos);
    }
  }
}
