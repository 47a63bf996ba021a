package io.javelin.benchmarks.load;

import com.google.errorprone.annotations.FormatMethod;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/// The result of one run; [#toText] for people, [#toJson] for comparison.
///
/// @param seconds length of the measurement, until the last answer
/// @param errorsByCode number of errors by the name of the status code
public record LoadReport(
    RunManifest manifest,
    double seconds,
    Counts counts,
    Map<String, Long> errorsByCode,
    Latencies latencies,
    List<VariantResult> variants) {

  /// How many requests came to which end.
  ///
  /// @param arrivals requests that were due
  /// @param overruns requests that were due but not sent, because too many were unanswered
  /// @param unanswered requests that had no end when the run gave up
  /// @param errorRatio errors, overruns and unanswered requests as a share of the arrivals
  public record Counts(
      double offeredPerSecond,
      double achievedPerSecond,
      long arrivals,
      long ok,
      long overruns,
      long unanswered,
      double errorRatio) {}

  /// Latencies from the intended start.
  ///
  /// @param ok of the OK answers
  /// @param all of the errors too: an early refusal or a deadline must not hide in either
  /// @param sendLag what the generator itself added before sending
  public record Latencies(LatencySummary ok, LatencySummary all, LatencySummary sendLag) {}

  /// One variant and version.
  public record VariantResult(
      String variant, String version, long ok, long errors, LatencySummary latency) {}

  /// Builds the report of a run that has ended.
  public static LoadReport of(RunManifest manifest, LoadSnapshot end) {
    var ok = end.latency();
    var all = ok.copy();
    all.add(end.failedLatency());
    Map<String, Long> errors = new TreeMap<>();
    end.errorsByCode().forEach((code, count) -> errors.put(code.name(), count));
    List<VariantResult> variants = new ArrayList<>();
    for (VariantSnapshot variant : end.variants()) {
      variants.add(
          new VariantResult(
              variant.variant(),
              variant.version(),
              variant.ok(),
              variant.errorCount(),
              LatencySummary.of(variant.latency())));
    }
    return new LoadReport(
        manifest,
        end.elapsedNanos() / 1e9,
        counts(end),
        errors,
        new Latencies(
            LatencySummary.of(ok), LatencySummary.of(all), LatencySummary.of(end.sendLag())),
        variants);
  }

  private static Counts counts(LoadSnapshot end) {
    long bad = end.errors() + end.overruns() + end.inFlight();
    return new Counts(
        end.offeredPerSecond(),
        end.achievedPerSecond(),
        end.arrivals(),
        end.ok(),
        end.overruns(),
        end.inFlight(),
        end.arrivals() == 0 ? 0 : (double) bad / end.arrivals());
  }

  /// A JSON object with the names of this record.
  public String toJson() {
    return JsonMapper.builder()
        .enable(SerializationFeature.INDENT_OUTPUT)
        .build()
        .writeValueAsString(this);
  }

  /// A table for a terminal; times in milliseconds.
  public String toText() {
    StringBuilder text = new StringBuilder();
    line(
        text,
        "offered %.1f/s, achieved %.1f/s OK over %.1f s",
        counts.offeredPerSecond,
        counts.achievedPerSecond,
        seconds);
    line(
        text,
        "%d arrivals: %d OK, %d overruns, %d unanswered, errors %s",
        counts.arrivals,
        counts.ok,
        counts.overruns,
        counts.unanswered,
        errorsByCode);
    line(text, "");
    line(
        text,
        "%-28s %9s %8s %8s %8s %8s %8s %8s",
        "ms from intended start",
        "count",
        "p50",
        "p90",
        "p95",
        "p99",
        "p99.9",
        "max");
    long errors = errorsByCode.values().stream().mapToLong(Long::longValue).sum();
    row(text, "OK", counts.ok, latencies.ok);
    if (errors > 0) {
      row(text, "OK and errors", counts.ok + errors, latencies.all);
    }
    for (VariantResult variant : variants) {
      row(text, "  " + variant.variant + " v" + variant.version, variant.ok, variant.latency);
    }
    row(text, "of it, before the send", counts.arrivals - counts.overruns, latencies.sendLag);
    return text.toString();
  }

  private static void row(StringBuilder text, String name, long count, LatencySummary latency) {
    line(
        text,
        "%-28s %9d %8.3f %8.3f %8.3f %8.3f %8.3f %8.3f",
        name,
        count,
        latency.p50Micros() / 1e3,
        latency.p90Micros() / 1e3,
        latency.p95Micros() / 1e3,
        latency.p99Micros() / 1e3,
        latency.p999Micros() / 1e3,
        latency.maxMicros() / 1e3);
  }

  @FormatMethod
  private static void line(StringBuilder text, String format, Object... values) {
    text.append(String.format(Locale.ROOT, format, values).stripTrailing()).append('\n');
  }
}
