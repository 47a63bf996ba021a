package io.javelin.benchmarks.start;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;

/// A server in a process of its own. Closing it sends SIGTERM and waits.
final class ServerProcess implements AutoCloseable {
  private static final long POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(2);
  private static final Duration READY_TIMEOUT = Duration.ofSeconds(60);
  private static final Duration STOP_TIMEOUT = Duration.ofSeconds(60);

  private final Process process;
  private final Path log;
  private final LongSupplier nanoClock;
  private final long startNanos;

  private ServerProcess(Process process, Path log, LongSupplier nanoClock, long startNanos) {
    this.process = process;
    this.log = log;
    this.nanoClock = nanoClock;
    this.startNanos = startNanos;
  }

  /// Starts it; all that it prints goes to `log`.
  static ServerProcess start(List<String> arguments, Path log, LongSupplier nanoClock)
      throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(arguments).redirectErrorStream(true).redirectOutput(log.toFile());
    long startNanos = nanoClock.getAsLong();
    return new ServerProcess(builder.start(), log, nanoClock, startNanos);
  }

  /// Nanoseconds since the process was asked for.
  long age() {
    return nanoClock.getAsLong() - startNanos;
  }

  /// Nanoseconds of CPU time so far: the figure that a busy machine changes least. 0 where the
  /// system does not tell.
  long cpuNanos() {
    return process.info().totalCpuDuration().map(Duration::toNanos).orElse(0L);
  }

  /// Waits until the health endpoint says ready, and returns [#age] then. The gRPC port is not
  /// touched: a request there would warm what the first prediction is to meet cold.
  ///
  /// @throws IOException with what the server printed, when it ends or takes too long
  long awaitReady(HttpProbe health) throws IOException {
    while (!health.isReady()) {
      if (!process.isAlive() || age() > READY_TIMEOUT.toNanos()) {
        throw new IOException("the server did not start:\n" + Files.readString(log));
      }
      LockSupport.parkNanos(POLL_NANOS);
    }
    return age();
  }

  /// Stops it as an operator would. An AOT cache that was asked for is written meanwhile.
  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(STOP_TIMEOUT.toSeconds(), TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
