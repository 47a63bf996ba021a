package io.javelin.benchmarks.bench.client;

import io.grpc.Status;
import java.util.Map;
import org.HdrHistogram.Histogram;

/// What became of the requests of one slice whose intended start lay in its measured part.
///
/// @param windowNanos length of the measured part
/// @param spanNanos the same, or until the last answer if that came later
/// @param counts how many
/// @param failures errors by status code
/// @param latency of OK answers, nanoseconds from the intended start
/// @param refusalLatency of errors, likewise
/// @param sendLag how late the client itself sent, likewise
public record SliceResult(
    long windowNanos,
    long spanNanos,
    Counts counts,
    Map<Status.Code, Long> failures,
    Histogram latency,
    Histogram refusalLatency,
    Histogram sendLag) {
  private static final double NANOS_PER_SECOND = 1e9;
  private static final double NANOS_PER_MICRO = 1e3;

  /// How many requests had which fate.
  ///
  /// @param offered requests that were due
  /// @param ok answers with OK
  /// @param inTime answers with OK before the deadline; equal to `ok` without one
  /// @param overruns requests due and not sent, because too many were unanswered
  /// @param unanswered requests given up on
  /// @param allAnswered answers and errors of the whole slice, its lead-in included: what CPU time
  ///   and memory are divided by
  public record Counts(
      long offered, long ok, long inTime, long overruns, long unanswered, long allAnswered) {}

  public SliceResult {
    failures = Map.copyOf(failures);
  }

  /// OK answers per second.
  public double okPerSecond() {
    return counts.ok() * NANOS_PER_SECOND / spanNanos;
  }

  /// OK answers before the deadline, per second of the measured part: work that was of use.
  public double inTimePerSecond() {
    return counts.inTime() * NANOS_PER_SECOND / windowNanos;
  }

  /// Requests that were due, per second.
  public double offeredPerSecond() {
    return counts.offered() * NANOS_PER_SECOND / windowNanos;
  }

  /// A percentile of the OK answers, microseconds.
  public double micros(double percentile) {
    return latency.getValueAtPercentile(percentile) / NANOS_PER_MICRO;
  }

  /// Errors, requests that were not sent, and requests without an answer.
  public long lost() {
    return failures.values().stream().mapToLong(Long::longValue).sum()
        + counts.overruns()
        + counts.unanswered();
  }
}
