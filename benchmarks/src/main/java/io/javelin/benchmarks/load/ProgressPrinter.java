package io.javelin.benchmarks.load;

import java.io.PrintWriter;
import java.util.Locale;

/// Prints one line about what happened since the line before. Single-threaded.
final class ProgressPrinter {
  private static final double NANOS_PER_SECOND = 1e9;
  private static final double MICROS_PER_MILLI = 1e3;

  private final LoadGenerator load;
  private final PrintWriter out;
  private LoadSnapshot lastWarmUp;
  private LoadSnapshot last;

  ProgressPrinter(LoadGenerator load, PrintWriter out) {
    this.load = load;
    this.out = out;
    lastWarmUp = load.warmUpSnapshot();
    last = load.snapshot();
  }

  void print() {
    if (load.isMeasuring()) {
      LoadSnapshot now = load.snapshot();
      out.println(line("measure", now, now.since(last)));
      last = now;
    } else {
      LoadSnapshot now = load.warmUpSnapshot();
      out.println(line("warm-up", now, now.since(lastWarmUp)));
      lastWarmUp = now;
    }
    out.flush();
  }

  private static String line(String phase, LoadSnapshot now, LoadSnapshot interval) {
    LatencySummary latency = LatencySummary.of(interval.latency());
    StringBuilder line = new StringBuilder();
    line.append(
        String.format(
            Locale.ROOT,
            "%s %6.1f s: offered %.0f/s ok %.0f/s errors %d overruns %d in flight %d"
                + " | ms p50 %.2f p99 %.2f max %.2f",
            phase,
            now.elapsedNanos() / NANOS_PER_SECOND,
            interval.offeredPerSecond(),
            interval.achievedPerSecond(),
            interval.errors(),
            interval.overruns(),
            interval.inFlight(),
            latency.p50Micros() / MICROS_PER_MILLI,
            latency.p99Micros() / MICROS_PER_MILLI,
            latency.maxMicros() / MICROS_PER_MILLI));
    for (VariantSnapshot variant : interval.variants()) {
      line.append(
          String.format(
              Locale.ROOT,
              " | %s v%s ok %.0f/s errors %d p99 %.2f",
              variant.variant(),
              variant.version(),
              interval.perSecond(variant.ok()),
              variant.errorCount(),
              LatencySummary.of(variant.latency()).p99Micros() / MICROS_PER_MILLI));
    }
    return line.toString();
  }
}
