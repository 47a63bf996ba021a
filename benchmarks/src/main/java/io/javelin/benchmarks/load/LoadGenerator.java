package io.javelin.benchmarks.load;

import io.grpc.Channel;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// One load run against a server.
///
/// ```java
/// try (LoadGenerator load = LoadGenerator.start(config, template, channels, listener, System::nanoTime)) {
///   while (!load.awaitEnd(Duration.ofSeconds(1))) {
///     LoadSnapshot sinceTheBeginning = load.snapshot();
///   }
/// }
/// ```
///
/// The run owns its thread; the channels stay the caller's and must use a direct executor, else
/// answers wait for a thread of the client. Snapshots may be taken by any thread, also after the
/// end.
public final class LoadGenerator implements AutoCloseable {
  private static final long DRAIN_POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(1);
  private static final long DRAIN_GRACE_NANOS = TimeUnit.SECONDS.toNanos(5);
  private static final long DRAIN_WITHOUT_DEADLINE_NANOS = TimeUnit.SECONDS.toNanos(30);

  private final RunWindow window;
  private final InferSender sender;
  private final PhaseRecorders recorders;
  private final SendLoop loop;
  private final LongSupplier nanoClock;
  private final long drainNanos;
  private @Nullable Thread thread;

  /// A run that begins now and advances only when [#doWork] is called.
  ///
  /// @param nanoClock monotonic nanoseconds; read by several threads
  LoadGenerator(
      LoadConfig config,
      RequestTemplate template,
      List<? extends Channel> channels,
      AnswerListener listener,
      LongSupplier nanoClock) {
    this.nanoClock = nanoClock;
    window = new RunWindow(config, nanoClock.getAsLong());
    sender = new InferSender(config, template, channels, listener, nanoClock);
    recorders = new PhaseRecorders(window, new LatencyRecorder(), new LatencyRecorder());
    loop = newLoop(config);
    drainNanos =
        config.deadline().isZero()
            ? DRAIN_WITHOUT_DEADLINE_NANOS
            : config.deadline().toNanos() + DRAIN_GRACE_NANOS;
  }

  /// Starts a run on its own thread.
  public static LoadGenerator start(
      LoadConfig config,
      RequestTemplate template,
      List<? extends Channel> channels,
      AnswerListener listener,
      LongSupplier nanoClock) {
    LoadGenerator generator = new LoadGenerator(config, template, channels, listener, nanoClock);
    Thread thread = new Thread(generator::run, "load-arrivals");
    thread.setDaemon(true);
    generator.thread = thread;
    thread.start();
    return generator;
  }

  private SendLoop newLoop(LoadConfig config) {
    return switch (config.arrivals()) {
      case Arrivals.OpenLoop(double rate) ->
          new OpenLoop(
              new ArrivalSchedule(rate, config.seed()),
              window,
              sender,
              recorders,
              config.maxInFlight());
      case Arrivals.ClosedLoop(int concurrency) ->
          new ClosedLoop(concurrency, window, sender, recorders, nanoClock);
    };
  }

  /// Sends what is due and returns when to call again; one thread at a time.
  long doWork(long nowNanos) {
    return loop.doWork(nowNanos);
  }

  /// The measurement so far, without the warm-up.
  public LoadSnapshot snapshot() {
    LatencyRecorder measured = recorders.measured();
    long nowNanos = nanoClock.getAsLong();
    return measured.snapshot(window.measuredNanos(nowNanos, measured.lastAnswerNanos()));
  }

  /// The warm-up so far.
  public LoadSnapshot warmUpSnapshot() {
    return recorders.warmUp().snapshot(window.warmUpNanos(nanoClock.getAsLong()));
  }

  /// Whether the measurement has begun.
  public boolean isMeasuring() {
    return window.isMeasured(nanoClock.getAsLong());
  }

  /// Waits at most `timeout` for the end: everything sent, and answered or given up.
  ///
  /// @return whether the run has ended
  public boolean awaitEnd(Duration timeout) throws InterruptedException {
    Thread running = thread;
    return running == null || running.join(timeout);
  }

  /// Sends nothing more; answers to what was sent are still recorded. Use [#awaitEnd] to wait for
  /// them.
  public void stop() {
    window.endAt(nanoClock.getAsLong());
    Thread running = thread;
    if (running != null) {
      LockSupport.unpark(running);
    }
  }

  /// Stops sending and waits until everything sent is answered or given up.
  @Override
  public void close() {
    stop();
    Thread running = thread;
    if (running == null) {
      return;
    }
    try {
      running.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void run() {
    TimerSlack.shrinkForThisThread();
    long nowNanos = nanoClock.getAsLong();
    while (!window.isOver(nowNanos)) {
      LockSupport.parkNanos(loop.doWork(nowNanos) - nanoClock.getAsLong());
      nowNanos = nanoClock.getAsLong();
    }
    // Arrivals between the last step and the end are due as well.
    loop.doWork(nowNanos);
    long giveUpNanos = window.endNanos() + drainNanos;
    while (sender.inFlight() > 0 && nanoClock.getAsLong() - giveUpNanos < 0) {
      LockSupport.parkNanos(DRAIN_POLL_NANOS);
    }
  }
}
