package io.javelin.server.config;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Looks at the configuration's source at a fixed interval and tells when its content has changed.
///
/// Polls, because file notifications miss the link swap of a Kubernetes ConfigMap. A new content is
/// taken when two looks in a row see the same: half a write is never parsed. The stamp saves
/// reading an unchanged file; every tenth look reads anyway, because two writes within one tick of
/// the file system's clock leave the same stamp.
///
/// [#doWork] is the step; the thread `config-watcher` only calls it. Not thread-safe: one caller.
public final class ConfigWatcher implements AutoCloseable {
  /// How often to look, unless told otherwise.
  public static final Duration DEFAULT_INTERVAL = Duration.ofSeconds(1);

  private static final Logger log = LoggerFactory.getLogger(ConfigWatcher.class);
  private static final int READ_EVERY = 10;

  private final ConfigSource source;
  private final ConfigParser parser;
  private final ConfigListener listener;
  private final LongSupplier nanoClock;
  private final long intervalNanos;
  private final CountDownLatch closed = new CountDownLatch(1);
  private final Thread thread;

  private String takenSha256;
  private @Nullable String candidate;
  private @Nullable String lastStamp;
  private long looks;
  private long nextLookNanos;

  /// A look at the source: its content, or why there is none.
  private record Look(
      String identity, ConfigSource.@Nullable Content content, @Nullable IOException failure) {}

  /// @param sha256 of the content in force, as [ConfigParser.Result.Valid] gives it
  /// @param nanoClock monotonic nanoseconds
  public ConfigWatcher(
      ConfigSource source,
      ConfigParser parser,
      ConfigListener listener,
      String sha256,
      LongSupplier nanoClock,
      Duration interval) {
    if (!interval.isPositive()) {
      throw new IllegalArgumentException("expected an interval above 0, got " + interval);
    }
    this.source = source;
    this.parser = parser;
    this.listener = listener;
    this.takenSha256 = sha256;
    this.nanoClock = nanoClock;
    this.intervalNanos = interval.toNanos();
    this.nextLookNanos = nanoClock.getAsLong();
    this.thread = Thread.ofPlatform().daemon().name("config-watcher").unstarted(this::run);
  }

  /// Starts the thread. At most once.
  public void start() {
    thread.start();
  }

  /// Looks at the source if the time has come. Returns the number of looks, 0 or 1.
  int doWork(long nowNanos) {
    if (nowNanos - nextLookNanos < 0) {
      return 0;
    }
    nextLookNanos = nowNanos + intervalNanos;
    look();
    return 1;
  }

  private void look() {
    looks++;
    String stamp = stamp();
    boolean settled = candidate == null && stamp.equals(lastStamp);
    lastStamp = stamp;
    if (settled && looks % READ_EVERY != 0) {
      return;
    }
    Look look = read();
    if (look.identity().equals(takenSha256)) {
      candidate = null;
    } else if (look.identity().equals(candidate)) {
      candidate = null;
      takenSha256 = look.identity();
      tell(look);
    } else {
      candidate = look.identity();
    }
  }

  private String stamp() {
    try {
      return source.stamp();
    } catch (IOException e) {
      return "unreadable: " + e;
    }
  }

  private Look read() {
    try {
      ConfigSource.Content content = source.read();
      return new Look(content.sha256(), content, null);
    } catch (IOException e) {
      return new Look("unreadable: " + e, null, e);
    }
  }

  private void tell(Look look) {
    try {
      if (look.content() != null) {
        listener.onChange(parser.parse(look.content()));
      } else if (look.failure() != null) {
        listener.onChange(ConfigParser.unreadable(source.name(), look.failure()));
      }
    } catch (RuntimeException e) {
      // The watcher outlives a bad change: the next one may mend it.
      log.error("The change of {} was not applied", source.name(), e);
    }
  }

  private void run() {
    try {
      do {
        doWork(nanoClock.getAsLong());
      } while (!closed.await(intervalNanos, TimeUnit.NANOSECONDS));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /// Stops the thread and waits for it, unless called on it.
  @Override
  public void close() {
    closed.countDown();
    if (Thread.currentThread().equals(thread) || !thread.isAlive()) {
      return;
    }
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
