package io.javelin.server.pipeline;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.javelin.batching.Admission;
import io.javelin.batching.BatchItem;
import io.javelin.server.pipeline.RuntimeSettings.CacheSettings;
import io.javelin.server.pipeline.Telemetry.CacheTelemetry;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// Answers of one loaded version by what was asked, and the requests that wait for an answer which
/// is being computed. Goes with its version. Thread-safe; never blocks.
///
/// Of identical requests at the same time only the first, the leader of a [Flight], is computed.
/// When the leader ends without an answer (failed, refused, expired, cancelled), the next one
/// leads. Errors are never kept.
///
/// A hit is answered on the event loop. Hashing there is bounded by [CacheSettings#maxHashedBytes];
/// larger requests go past the cache. Caffeine's own upkeep runs on the thread that caused it and
/// is amortised; its clock is the server's.
final class ResponseCache {
  /// Heap that an entry takes besides the bytes of its outputs: key, node, arrays, objects.
  static final int ENTRY_OVERHEAD_BYTES = 512;

  /// Too many wait for answers being computed; when those come is not known.
  private static final Admission BUSY =
      new Admission.Refused(Admission.Reason.QUEUE_FULL, 20_000_000);

  /// The version behind the cache.
  interface Host {
    /// Queues a call to be computed.
    Admission enqueue(InferCall call);

    /// What is done with every answer that a caller got: counting predictions, feeding shadows.
    void onAnswered(InferCall call, BatchOutputs outputs, int firstRow);

    /// The refusal for a call that [#enqueue] did not take.
    Refusal refusal(InferCall call, Admission.Refused refused);

    /// By output: whether it is kept for such a call, because the caller or statistics want it.
    boolean[] keptOutputs(InferCall call);

    /// Most rows that may wait for answers being computed.
    int maxWaitingRows();

    CallOutcomes outcomes();
  }

  private final CacheSettings settings;
  private final CacheKeyHasher hasher;
  private final Host host;
  private final CacheTelemetry telemetry;
  private final LongSupplier nanoClock;
  private final Cache<CacheKey, BatchOutputs> entries;
  private final ConcurrentHashMap<CacheKey, Flight> flights = new ConcurrentHashMap<>();
  private final AtomicInteger waitingRows = new AtomicInteger();

  ResponseCache(
      CacheSettings settings,
      CacheKeyHasher hasher,
      Host host,
      CacheTelemetry telemetry,
      LongSupplier nanoClock) {
    this.settings = settings;
    this.hasher = hasher;
    this.host = host;
    this.telemetry = telemetry;
    this.nanoClock = nanoClock;
    this.entries =
        Caffeine.newBuilder()
            .maximumWeight(settings.maxBytes())
            .weigher((CacheKey key, BatchOutputs kept) -> weight(kept.heldBytes()))
            .expireAfterWrite(Duration.ofNanos(settings.ttlNanos()))
            .ticker(nanoClock::getAsLong)
            .executor(Runnable::run)
            .build();
  }

  CacheSettings settings() {
    return settings;
  }

  long entryCount() {
    return entries.estimatedSize();
  }

  /// Bytes of all kept answers, as the bound counts them.
  long weightedBytes() {
    return entries.policy().eviction().map(bound -> bound.weightedSize().orElse(0)).orElse(0L);
  }

  private static int weight(long bytes) {
    return (int) Math.min(Integer.MAX_VALUE, bytes + ENTRY_OVERHEAD_BYTES);
  }

  /// Answers `call` from the cache, lets it wait for an identical one, or has it computed.
  Admission submit(InferCall call) {
    if (hasher.bytesOf(call) > settings.maxHashedBytes()) {
      call.cacheResult(CacheResult.BYPASS);
      telemetry.onBypass();
      return host.enqueue(call);
    }
    CacheKey key = hasher.keyOf(call);
    while (true) {
      BatchOutputs kept = entries.getIfPresent(key);
      if (kept != null) {
        hit(call, kept);
        return Admission.ADMITTED;
      }
      Flight flying = flights.get(key);
      if (flying == null) {
        Flight started = new Flight(key, this, call);
        flying = flights.putIfAbsent(key, started);
        if (flying == null) {
          return lead(started, call);
        }
      }
      Admission joined = join(flying, call);
      if (joined != null) {
        return joined;
      }
      flights.remove(key, flying); // It is over; its own thread may not have come to this yet.
    }
  }

  private void hit(InferCall call, BatchOutputs kept) {
    call.cacheResult(CacheResult.HIT);
    boolean answered = call.answer(kept, 0);
    long now = nanoClock.getAsLong();
    telemetry.onHit(now - call.arrivedNanos());
    settle(call, answered, kept, 0, now);
  }

  private Admission lead(Flight flight, InferCall call) {
    // An identical call may have landed between the look into the cache and the take-off.
    BatchOutputs kept = entries.getIfPresent(flight.key());
    if (kept != null) {
      serve(flight, kept, 0);
      hit(call, kept);
      return Admission.ADMITTED;
    }
    call.cacheResult(CacheResult.MISS);
    call.flight(flight);
    telemetry.onMiss(nanoClock.getAsLong() - call.arrivedNanos());
    Admission admission = host.enqueue(call);
    if (admission instanceof Admission.Refused) {
      passOn(flight);
    }
    return admission;
  }

  /// Null when the flight is over.
  private @Nullable Admission join(Flight flight, InferCall call) {
    int rows = call.rows();
    if (waitingRows.addAndGet(rows) > host.maxWaitingRows()) {
      waitingRows.addAndGet(-rows);
      return BUSY;
    }
    call.cacheResult(CacheResult.SHARED);
    call.flight(flight);
    if (flight.join(call)) {
      return Admission.ADMITTED;
    }
    waitingRows.addAndGet(-rows);
    return null;
  }

  /// A waiting call was taken out.
  void left(InferCall call) {
    waitingRows.addAndGet(-call.rows());
  }

  /// The leader has ended without an answer: the next one leads.
  void passOn(Flight flight) {
    for (InferCall next = flight.next(); next != null; next = flight.next()) {
      left(next);
      next.cacheResult(CacheResult.MISS);
      telemetry.onMiss(0);
      if (host.enqueue(next) instanceof Admission.Refused refused) {
        next.flight(null); // Ends here, in this loop, not by another turn of it.
        host.outcomes().rejected(next, host.refusal(next, refused));
      } else {
        return;
      }
    }
    flights.remove(flight.key(), flight);
  }

  /// Keeps the leader's answer if it fits, and gives it to all who wait.
  void land(Flight flight, InferCall leader, BatchOutputs outputs, int firstRow) {
    long begin = nanoClock.getAsLong();
    boolean[] wanted = host.keptOutputs(leader);
    if (weight(outputs.bytesOf(firstRow, leader.rows(), wanted)) <= settings.maxBytes()) {
      entries.put(flight.key(), outputs.copyOf(firstRow, leader.rows(), wanted));
    }
    telemetry.onKept(nanoClock.getAsLong() - begin);
    serve(flight, outputs, firstRow);
  }

  private void serve(Flight flight, BatchOutputs outputs, int firstRow) {
    List<InferCall> served = flight.finish();
    flights.remove(flight.key(), flight);
    for (InferCall call : served) {
      left(call);
      share(call, outputs, firstRow);
    }
  }

  private void share(InferCall call, BatchOutputs outputs, int firstRow) {
    long now = nanoClock.getAsLong();
    long deadline = call.deadlineNanos();
    if (deadline != BatchItem.NO_DEADLINE && now - deadline >= 0) {
      host.outcomes().rejected(call, call.expiry());
      return;
    }
    boolean answered = call.answer(outputs, firstRow);
    telemetry.onShared();
    settle(call, answered, outputs, firstRow, nanoClock.getAsLong());
  }

  private void settle(
      InferCall call, boolean answered, BatchOutputs outputs, int firstRow, long nowNanos) {
    if (answered) {
      host.onAnswered(call, outputs, firstRow);
      host.outcomes().answeredFromCache(call, nowNanos);
    } else {
      host.outcomes().canceled(call);
    }
  }
}
