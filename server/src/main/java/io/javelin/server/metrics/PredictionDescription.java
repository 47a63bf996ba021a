package io.javelin.server.metrics;

import java.util.List;

/// What the predictions of one version mean, for labels and buckets.
///
/// @param classLabels names of the classes by index; empty = the index is the label
/// @param probabilities whether scores lie in [0, 1]
record PredictionDescription(List<String> classLabels, boolean probabilities) {
  /// More classes than this share the label [#OTHER].
  static final int MAX_CLASSES = 64;

  static final String OTHER = "other";

  static final PredictionDescription UNKNOWN = new PredictionDescription(List.of(), false);

  PredictionDescription {
    classLabels = List.copyOf(classLabels);
  }

  /// Label of counter `slot`; slot [#MAX_CLASSES] collects the rest.
  String label(int slot) {
    if (slot == MAX_CLASSES) {
      return OTHER;
    }
    return slot < classLabels.size() ? classLabels.get(slot) : Integer.toString(slot);
  }

  double[] scoreBuckets() {
    return probabilities ? Buckets.unitInterval() : Buckets.signedLog();
  }
}
