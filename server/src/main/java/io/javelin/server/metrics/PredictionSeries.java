package io.javelin.server.metrics;

import static io.javelin.server.metrics.PredictionDescription.MAX_CLASSES;

import io.prometheus.metrics.model.snapshots.Labels;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.concurrent.atomic.LongAdder;

/// Distribution of what one variant of one version predicts. Named classes are exposed from the
/// start, unnamed ones when they first occur.
final class PredictionSeries {
  private final ServingFamilies families;
  private final SeriesScope scope;
  private final Labels labels;
  private final PredictionDescription description;
  private final AtomicReferenceArray<LongAdder> classes =
      new AtomicReferenceArray<>(MAX_CLASSES + 1);
  private final ValueHistogram scores;

  PredictionSeries(
      ServingFamilies families,
      SeriesScope scope,
      Labels labels,
      PredictionDescription description) {
    this.families = families;
    this.scope = scope;
    this.labels = labels;
    this.description = description;
    this.scores =
        scope.histogram(
            families.predictedScores, labels, () -> new ValueHistogram(description.scoreBuckets()));
    for (int i = 0; i < Math.min(description.classLabels().size(), MAX_CLASSES); i++) {
      expose(i);
    }
  }

  void onPrediction(int classIndex, double score) {
    if (classIndex >= 0) {
      int slot = Math.min(classIndex, MAX_CLASSES);
      LongAdder known = classes.get(slot);
      (known != null ? known : expose(slot)).increment();
    }
    scores.observe(score);
  }

  private LongAdder expose(int slot) {
    LongAdder adder =
        scope.counter(families.predictedClasses, labels.add("class", description.label(slot)));
    LongAdder first = classes.compareAndExchange(slot, null, adder);
    return first != null ? first : adder;
  }
}
