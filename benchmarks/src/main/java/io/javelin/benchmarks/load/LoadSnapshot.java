package io.javelin.benchmarks.load;

import io.grpc.Status;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.HdrHistogram.Histogram;

/// Counters and histograms of a run at one moment, cumulative since the measurement began.
/// Immutable by convention: the histograms are copies and are only read.
///
/// @param elapsedNanos time covered: until now while running, until the last answer afterwards
/// @param arrivals requests that were due, sent or not
/// @param overruns requests that were due but not sent, because too many were unanswered
/// @param inFlight sent and not answered yet
/// @param variants one entry for each variant and version seen, in order of appearance
/// @param failedLatency latency of the errors, nanoseconds from the intended start
/// @param sendLag how late the generator itself was: intended start to the actual send, nanoseconds
public record LoadSnapshot(
    long elapsedNanos,
    long arrivals,
    long overruns,
    long inFlight,
    List<VariantSnapshot> variants,
    Histogram failedLatency,
    Histogram sendLag) {
  private static final double NANOS_PER_SECOND = 1e9;

  public LoadSnapshot {
    variants = List.copyOf(variants);
  }

  /// OK answers of all variants.
  public long ok() {
    return variants.stream().mapToLong(VariantSnapshot::ok).sum();
  }

  /// Errors of all variants; overruns are not among them.
  public long errors() {
    return variants.stream().mapToLong(VariantSnapshot::errorCount).sum();
  }

  /// Errors and overruns as a share of the arrivals, 0 when nothing arrived.
  public double errorRatio() {
    return arrivals == 0 ? 0 : (double) (errors() + overruns) / arrivals;
  }

  /// Errors of all variants by status code.
  public Map<Status.Code, Long> errorsByCode() {
    Map<Status.Code, Long> sum = new EnumMap<>(Status.Code.class);
    for (VariantSnapshot variant : variants) {
      variant.errors().forEach((code, count) -> sum.merge(code, count, Long::sum));
    }
    return sum;
  }

  /// Latency of the OK answers of all variants.
  public Histogram latency() {
    Histogram sum = LatencyRecorder.newHistogram();
    variants.forEach(variant -> sum.add(variant.latency()));
    return sum;
  }

  /// Requests that were due, per second.
  public double offeredPerSecond() {
    return perSecond(arrivals);
  }

  /// OK answers per second.
  public double achievedPerSecond() {
    return perSecond(ok());
  }

  /// `count` of this snapshot per second of its time.
  public double perSecond(long count) {
    return elapsedNanos <= 0 ? 0 : count * NANOS_PER_SECOND / elapsedNanos;
  }

  /// What happened between `earlier` and this snapshot of the same run.
  public LoadSnapshot since(LoadSnapshot earlier) {
    List<VariantSnapshot> later = new ArrayList<>();
    for (VariantSnapshot variant : variants) {
      later.add(
          earlier.variants.stream()
              .filter(variant::isSameAs)
              .findFirst()
              .map(variant::since)
              .orElse(variant));
    }
    Histogram failed = failedLatency.copy();
    failed.subtract(earlier.failedLatency);
    Histogram lag = sendLag.copy();
    lag.subtract(earlier.sendLag);
    return new LoadSnapshot(
        elapsedNanos - earlier.elapsedNanos,
        arrivals - earlier.arrivals,
        overruns - earlier.overruns,
        inFlight,
        later,
        failed,
        lag);
  }
}
