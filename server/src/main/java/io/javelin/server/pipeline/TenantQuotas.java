package io.javelin.server.pipeline;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/// Requests per second of each tenant, by token buckets. Thread-safe, without locks on the way of a
/// request; allocates for a tenant's first request only.
///
/// A bucket is one number, the time at which it will be full again (the generic cell rate
/// algorithm): a request moves it by one interval, and is refused when it lies more than the burst
/// ahead. At most `maxTracked` tenants beside the configured ones have a bucket of their own; the
/// others share one until a full bucket is forgotten.
public final class TenantQuotas {
  /// The answer of [#take] that lets a request through.
  public static final long TAKEN = 0;

  /// The answer of [#take] for a tenant that may send nothing.
  public static final long NEVER = -1;

  /// Nobody has a quota.
  public static final TenantQuotas UNLIMITED = new TenantQuotas(null, Map.of(), 1);

  /// The metric label of tenants without a quota of their own.
  public static final String OTHER = "other";

  private static final long SWEEP_NANOS = 1_000_000_000;

  /// How much one tenant may send.
  ///
  /// @param requestsPerSecond 0 = nothing
  /// @param burst requests at once after a pause, at least 1
  public record Quota(double requestsPerSecond, int burst) {}

  private final @Nullable Quota other;
  private final int maxTracked;
  private final Map<String, Bucket> configured = new ConcurrentHashMap<>();
  private final ConcurrentHashMap<String, Bucket> tracked = new ConcurrentHashMap<>();
  private final Bucket shared;
  private final AtomicLong sweptNanos = new AtomicLong();

  /// @param other quota of each tenant that `quotas` does not have; null = unlimited
  public TenantQuotas(@Nullable Quota other, Map<String, Quota> quotas, int maxTracked) {
    this.other = other;
    this.maxTracked = maxTracked;
    this.shared = new Bucket(other == null ? new Quota(1, 1) : other);
    quotas.forEach((tenant, quota) -> configured.put(tenant, new Bucket(quota)));
  }

  /// Takes one request of `tenant` (null: of nobody in particular, who is a tenant, too).
  ///
  /// @return [#TAKEN], [#NEVER], or the nanoseconds until one more request is within the quota
  public long take(@Nullable String tenant, long nowNanos) {
    if (other == null && configured.isEmpty()) {
      return TAKEN;
    }
    String name = tenant == null ? "" : tenant;
    Bucket own = configured.get(name);
    if (own == null && other == null) {
      return TAKEN;
    }
    return (own != null ? own : bucketOf(name, nowNanos)).take(nowNanos);
  }

  /// The tenant as a metric label: only configured ones are told apart.
  public String label(@Nullable String tenant) {
    return tenant != null && configured.containsKey(tenant) ? tenant : OTHER;
  }

  private Bucket bucketOf(String tenant, long nowNanos) {
    Bucket known = tracked.get(tenant);
    if (known != null) {
      return known;
    }
    if (tracked.size() >= maxTracked && !sweep(nowNanos)) {
      return shared;
    }
    Bucket added = new Bucket(shared.quota);
    Bucket before = tracked.putIfAbsent(tenant, added);
    return before == null ? added : before;
  }

  /// Forgets full buckets, at most once a second; whether there is room now.
  private boolean sweep(long nowNanos) {
    long last = sweptNanos.get();
    if (nowNanos - last >= SWEEP_NANOS && sweptNanos.compareAndSet(last, nowNanos)) {
      tracked.values().removeIf(bucket -> bucket.isFull(nowNanos));
    }
    return tracked.size() < maxTracked;
  }

  private static final class Bucket {
    final Quota quota;
    private final long intervalNanos;
    private final long burstNanos;

    /// When the bucket is full again; [Long#MIN_VALUE] before the first request.
    private final AtomicLong fullAtNanos = new AtomicLong(Long.MIN_VALUE);

    Bucket(Quota quota) {
      this.quota = quota;
      // A rate below one request in 292 years is none.
      intervalNanos = Math.max(1, Math.round(1e9 / quota.requestsPerSecond()));
      burstNanos = saturated(intervalNanos, quota.burst() - 1);
    }

    long take(long nowNanos) {
      if (quota.requestsPerSecond() == 0 || intervalNanos == Long.MAX_VALUE) {
        return NEVER;
      }
      while (true) {
        long before = fullAtNanos.get();
        long aheadNanos = isFull(before, nowNanos) ? 0 : before - nowNanos;
        if (aheadNanos > burstNanos) {
          return aheadNanos - burstNanos;
        }
        if (fullAtNanos.compareAndSet(before, nowNanos + aheadNanos + intervalNanos)) {
          return TAKEN;
        }
      }
    }

    boolean isFull(long nowNanos) {
      return isFull(fullAtNanos.get(), nowNanos);
    }

    private static boolean isFull(long fullAtNanos, long nowNanos) {
      return fullAtNanos == Long.MIN_VALUE || fullAtNanos - nowNanos <= 0;
    }

    /// At most a quarter of the range of the clock, so that times can be compared by difference.
    private static long saturated(long interval, int times) {
      long most = Long.MAX_VALUE / 4;
      return times > 0 && interval > most / times ? most : interval * times;
    }
  }
}
