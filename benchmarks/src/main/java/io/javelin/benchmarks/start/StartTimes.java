package io.javelin.benchmarks.start;

import io.javelin.benchmarks.load.RunManifest;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToLongFunction;

/// The samples of one kind of start.
final class StartTimes {
  private static final double NANOS_PER_MILLI = 1e6;

  private final String kind;
  private final List<Sample> samples = new ArrayList<>();

  StartTimes(String kind) {
    this.kind = kind;
  }

  /// One start, in nanoseconds.
  ///
  /// @param readyNanos exec to ready
  /// @param answeredNanos exec to the first answer
  /// @param requestNanos the first request alone, on a new connection
  /// @param cpuNanos CPU time of the server until the first answer
  record Sample(long readyNanos, long answeredNanos, long requestNanos, long cpuNanos) {}

  void add(Sample sample) {
    samples.add(sample);
  }

  /// Medians with their ranges, and the ratio of the medians.
  static String markdown(RunManifest manifest, StartTimes plain, StartTimes cached) {
    return """
    %s, %d cores, %s, commit %s, %d starts of each kind in turn; milliseconds, median [min-max]

    | start | exec to ready | exec to first answer | first request | CPU until then |
    |---|---|---|---|---|
    %s%s| ratio of medians | %.2f | %.2f | %.2f | %.2f |
    """
        .formatted(
            manifest.cpuModel(),
            manifest.cores(),
            manifest.jvm(),
            manifest.gitCommit(),
            cached.samples.size(),
            plain.row(),
            cached.row(),
            ratio(plain, cached, Sample::readyNanos),
            ratio(plain, cached, Sample::answeredNanos),
            ratio(plain, cached, Sample::requestNanos),
            ratio(plain, cached, Sample::cpuNanos));
  }

  private String row() {
    return "| %s | %s | %s | %s | %s |%n"
        .formatted(
            kind,
            cell(Sample::readyNanos),
            cell(Sample::answeredNanos),
            cell(Sample::requestNanos),
            cell(Sample::cpuNanos));
  }

  private String cell(ToLongFunction<Sample> time) {
    long[] sorted = sorted(time);
    return "%.0f [%.0f-%.0f]"
        .formatted(
            median(time) / NANOS_PER_MILLI,
            sorted[0] / NANOS_PER_MILLI,
            sorted[sorted.length - 1] / NANOS_PER_MILLI);
  }

  private static double ratio(StartTimes plain, StartTimes cached, ToLongFunction<Sample> time) {
    return cached.median(time) / plain.median(time);
  }

  /// Of an even number, the mean of the two in the middle.
  double median(ToLongFunction<Sample> time) {
    long[] sorted = sorted(time);
    int middle = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2.0;
  }

  private long[] sorted(ToLongFunction<Sample> time) {
    return samples.stream().mapToLong(time).sorted().toArray();
  }
}
