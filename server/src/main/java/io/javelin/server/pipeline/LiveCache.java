package io.javelin.server.pipeline;

import io.javelin.server.pipeline.RuntimeSettings.CacheSettings;
import io.javelin.server.pipeline.Telemetry.CacheTelemetry;
import io.javelin.server.pipeline.Telemetry.VersionTelemetry;
import java.util.Objects;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Holds the response cache that a version's settings ask for, or none. Thread-safe.
///
/// Changed settings start with an empty cache. Requests that wait for a flight of the old one get
/// its answer all the same.
final class LiveCache {
  private final Supplier<CacheKeyHasher> hasher;
  private final ResponseCache.Host host;
  private final VersionTelemetry telemetry;
  private final LongSupplier nanoClock;
  private @Nullable CacheTelemetry counts; // Guarded by this.
  private boolean closed; // Guarded by this.
  private volatile @Nullable ResponseCache current; // Written under this.

  LiveCache(
      Supplier<CacheKeyHasher> hasher,
      ResponseCache.Host host,
      VersionTelemetry telemetry,
      LongSupplier nanoClock) {
    this.hasher = hasher;
    this.host = host;
    this.telemetry = telemetry;
    this.nanoClock = nanoClock;
  }

  /// The cache in force, or null.
  @Nullable ResponseCache current() {
    return current;
  }

  /// @param wanted null = no cache
  synchronized void follow(@Nullable CacheSettings wanted) {
    ResponseCache open = current;
    if (!closed && !Objects.equals(wanted, open == null ? null : open.settings())) {
      current = wanted == null ? null : open(wanted);
    }
  }

  private ResponseCache open(CacheSettings wanted) {
    CacheTelemetry series = counts;
    if (series == null) {
      series = telemetry.cache(this::entries, this::bytes);
      counts = series;
    }
    return new ResponseCache(wanted, hasher.get(), host, series, nanoClock);
  }

  private long entries() {
    ResponseCache open = current;
    return open == null ? 0 : open.entryCount();
  }

  private long bytes() {
    ResponseCache open = current;
    return open == null ? 0 : open.weightedBytes();
  }

  synchronized void close() {
    closed = true;
    current = null;
  }
}
