package io.javelin.benchmarks.load;

import io.grpc.Status;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.Recorder;

/// Counts and times the requests of one phase. Recording takes no lock and allocates nothing once
/// every variant has been seen; any thread may record, any thread may take a snapshot.
final class LatencyRecorder {
  private static final long LOWEST_NANOS = 100;
  private static final long HIGHEST_NANOS = TimeUnit.MINUTES.toNanos(10);
  private static final int SIGNIFICANT_DIGITS = 3;

  private final AtomicLong arrivals = new AtomicLong();
  private final AtomicLong overruns = new AtomicLong();
  private final AtomicLong answered = new AtomicLong();
  private final AtomicLong lastAnswerNanos = new AtomicLong(Long.MIN_VALUE);
  private final TotalledRecorder failedLatency = new TotalledRecorder();
  private final TotalledRecorder sendLag = new TotalledRecorder();
  // Searched from the start: there are two or three variants.
  private final CopyOnWriteArrayList<VariantRecorder> variants = new CopyOnWriteArrayList<>();

  static Histogram newHistogram() {
    return new Histogram(LOWEST_NANOS, HIGHEST_NANOS, SIGNIFICANT_DIGITS);
  }

  /// A request was sent `lagNanos` after its intended start.
  void onSent(long lagNanos) {
    arrivals.incrementAndGet();
    sendLag.record(lagNanos);
  }

  /// A request was due and could not be sent.
  void onOverrun() {
    arrivals.incrementAndGet();
    overruns.incrementAndGet();
  }

  /// A request that was meant to start at `intendedNanos` ended at `nowNanos`.
  void onAnswer(
      Status.Code code, String variant, String version, long intendedNanos, long nowNanos) {
    VariantRecorder recorder = variant(variant, version);
    if (code == Status.Code.OK) {
      recorder.latency.record(nowNanos - intendedNanos);
    } else {
      failedLatency.record(nowNanos - intendedNanos);
    }
    recorder.counts[code.value()].incrementAndGet();
    lastAnswerNanos.accumulateAndGet(nowNanos, Math::max);
    answered.incrementAndGet();
  }

  /// Time of the newest answer, or [Long#MIN_VALUE] when there was none.
  long lastAnswerNanos() {
    return lastAnswerNanos.get();
  }

  synchronized LoadSnapshot snapshot(long elapsedNanos) {
    // Answers first: a request counted as answered must have been counted as sent.
    long ended = answered.get();
    long notSent = overruns.get();
    long due = arrivals.get();
    List<VariantSnapshot> seen = new ArrayList<>();
    for (VariantRecorder variant : variants) {
      seen.add(variant.snapshot());
    }
    return new LoadSnapshot(
        elapsedNanos,
        due,
        notSent,
        Math.max(0, due - notSent - ended),
        seen,
        failedLatency.total(),
        sendLag.total());
  }

  private VariantRecorder variant(String variant, String version) {
    for (VariantRecorder known : variants) {
      if (known.variant.equals(variant) && known.version.equals(version)) {
        return known;
      }
    }
    return addVariant(variant, version);
  }

  private VariantRecorder addVariant(String variant, String version) {
    synchronized (variants) {
      for (VariantRecorder known : variants) {
        if (known.variant.equals(variant) && known.version.equals(version)) {
          return known;
        }
      }
      VariantRecorder added = new VariantRecorder(variant, version);
      variants.add(added);
      return added;
    }
  }

  /// The answers of one variant and version.
  private static final class VariantRecorder {
    final String variant;
    final String version;
    final TotalledRecorder latency = new TotalledRecorder();
    // By the number of the status code; 0 is OK.
    final AtomicLong[] counts = new AtomicLong[Status.Code.values().length];

    VariantRecorder(String variant, String version) {
      this.variant = variant;
      this.version = version;
      Arrays.setAll(counts, code -> new AtomicLong());
    }

    VariantSnapshot snapshot() {
      Map<Status.Code, Long> errors = new EnumMap<>(Status.Code.class);
      for (Status.Code code : Status.Code.values()) {
        long count = counts[code.value()].get();
        if (code != Status.Code.OK && count > 0) {
          errors.put(code, count);
        }
      }
      return new VariantSnapshot(variant, version, counts[0].get(), errors, latency.total());
    }
  }

  /// A recorder with the sum of everything it recorded. `total` is called by one thread at a time.
  private static final class TotalledRecorder {
    private final Recorder recorder = new Recorder(LOWEST_NANOS, HIGHEST_NANOS, SIGNIFICANT_DIGITS);
    private final Histogram total = newHistogram();
    private Histogram interval = recorder.getIntervalHistogram();

    void record(long nanos) {
      recorder.recordValue(Math.clamp(nanos, 0, HIGHEST_NANOS));
    }

    Histogram total() {
      interval = recorder.getIntervalHistogram(interval);
      total.add(interval);
      return total.copy();
    }
  }
}
