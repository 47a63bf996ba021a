package io.javelin.benchmarks.demo;

import com.google.errorprone.annotations.FormatMethod;
import io.javelin.benchmarks.load.LatencySummary;
import io.javelin.benchmarks.load.LoadSnapshot;
import io.javelin.benchmarks.load.VariantSnapshot;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/// Formats what the demo has seen so far.
final class DemoSummary {
  private DemoSummary() {}

  /// What is known of one model at one moment.
  record ModelView(
      String model,
      LoadSnapshot traffic,
      Accuracy accuracy,
      double meanBatchSize,
      double shadowRows,
      double agreeingShadowRows) {}

  /// A table with a line per model and variant.
  static List<String> lines(List<ModelView> models) {
    List<String> lines = new ArrayList<>();
    lines.add(
        format(
            "%-8s %-14s %9s %8s %8s %8s %8s %7s %9s %7s",
            "model",
            "variant",
            "requests",
            "req/s",
            "share",
            "p50 ms",
            "p99 ms",
            "batch",
            "accuracy",
            "errors"));
    for (ModelView view : models) {
      lines.add(total(view));
      view.traffic().variants().stream()
          .filter(variant -> variant.ok() > 0)
          .sorted(Comparator.comparing(VariantSnapshot::version))
          .map(variant -> line(view, variant))
          .forEach(lines::add);
      if (view.shadowRows() > 0) {
        lines.add(
            format(
                "%-8s %-14s %9.0f rows mirrored, same class as the live answer: %.1f %%",
                "",
                "  shadow",
                view.shadowRows(),
                100 * view.agreeingShadowRows() / view.shadowRows()));
      }
    }
    return lines;
  }

  private static String total(ModelView view) {
    LoadSnapshot traffic = view.traffic();
    LatencySummary latency = LatencySummary.of(traffic.latency());
    return format(
        "%-8s %-14s %9d %8.0f %8s %8.2f %8.2f %7.2f %9s %7d",
        view.model(),
        "all",
        traffic.ok(),
        traffic.achievedPerSecond(),
        "",
        latency.p50Micros() / 1e3,
        latency.p99Micros() / 1e3,
        view.meanBatchSize(),
        "",
        traffic.errors() + traffic.overruns());
  }

  private static String line(ModelView view, VariantSnapshot variant) {
    LoadSnapshot traffic = view.traffic();
    LatencySummary latency = LatencySummary.of(variant.latency());
    return format(
        "%-8s %-14s %9d %8.0f %7.1f%% %8.2f %8.2f %7s %8.2f%% %7d",
        "",
        "  " + variant.variant() + " v" + variant.version(),
        variant.ok(),
        traffic.perSecond(variant.ok()),
        100.0 * variant.ok() / Math.max(1, traffic.ok()),
        latency.p50Micros() / 1e3,
        latency.p99Micros() / 1e3,
        "",
        100 * view.accuracy().of(variant.variant()),
        variant.errorCount());
  }

  @FormatMethod
  private static String format(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }
}
