package io.javelin.server.metrics;

import io.prometheus.metrics.model.snapshots.Labels;
import java.util.concurrent.atomic.LongAdder;

/// The series of one shadow, shared by all handles of it.
final class ShadowSeries {
  private final SeriesScope scope = new SeriesScope();
  private final LongAdder sampled;
  private final LongAdder compared;
  private final LongAdder dropped;
  private final LongAdder failed;
  private final LongAdder agreeing;
  private final LongAdder disagreeing;
  private final ValueHistogram differences;

  ShadowSeries(ServingFamilies families, String model, String shadow, long version) {
    Labels labels = Labels.of("model", model, "shadow", shadow, "version", Long.toString(version));
    sampled = result(families, labels, "sampled");
    compared = result(families, labels, "compared");
    dropped = result(families, labels, "dropped");
    failed = result(families, labels, "failed");
    agreeing = scope.counter(families.shadowRows, labels.add("agree", "true"));
    disagreeing = scope.counter(families.shadowRows, labels.add("agree", "false"));
    differences =
        scope.histogram(
            families.shadowDifferences, labels, () -> new ValueHistogram(Buckets.differences()));
  }

  private LongAdder result(ServingFamilies families, Labels labels, String result) {
    return scope.counter(families.shadowRequests, labels.add("result", result));
  }

  void onSampled() {
    sampled.increment();
  }

  void onDropped() {
    dropped.increment();
  }

  void onFailed() {
    failed.increment();
  }

  void onCompared(int rows, int agreeingRows, double meanAbsoluteScoreDifference) {
    compared.increment();
    agreeing.add(agreeingRows);
    disagreeing.add(rows - agreeingRows);
    differences.observe(meanAbsoluteScoreDifference);
  }

  void close() {
    scope.close();
  }
}
