package io.javelin.server.pipeline;

import io.javelin.server.quality.PredictionReader;
import io.javelin.server.quality.ShadowComparison;
import java.lang.foreign.MemorySegment;
import java.util.Optional;

/// What the live version predicted for the rows of one call, taken out of native memory so that a
/// shadow's answer can be compared with it later. Not thread-safe; handed from thread to thread.
final class LivePredictions {
  private static final double ABSOLUTE_TOLERANCE = 1e-6;
  private static final double RELATIVE_TOLERANCE = 1e-3;

  private final int[] classes;
  private final double[] scores;

  private LivePredictions(int rows) {
    this.classes = new int[rows];
    this.scores = new double[rows];
  }

  /// Reads the rows of `call` from the live version's outputs; empty for a model whose outputs hold
  /// no prediction.
  static LivePredictions of(InferCall call, BatchOutputs outputs, int firstRow) {
    Optional<PredictionReader> reader = call.runtime().predictions();
    LivePredictions predictions = new LivePredictions(reader.isPresent() ? call.rows() : 0);
    reader.ifPresent(found -> predictions.read(found, outputs, firstRow));
    return predictions;
  }

  private void read(PredictionReader reader, BatchOutputs outputs, int firstRow) {
    MemorySegment bytes = outputs.bytes(reader.outputIndex());
    long rowBytes = outputs.offset(reader.outputIndex(), 1);
    for (int i = 0; i < classes.length; i++) {
      classes[i] = reader.classOf(bytes, rowBytes, firstRow + i);
      scores[i] = reader.scoreOf(bytes, rowBytes, firstRow + i, classes[i]);
    }
  }

  /// Compares with the shadow's outputs for the same rows.
  ShadowComparison compareWith(InferCall copy, BatchOutputs outputs, int firstRow) {
    ShadowComparison comparison = new ShadowComparison(ABSOLUTE_TOLERANCE, RELATIVE_TOLERANCE);
    copy.runtime()
        .predictions()
        .ifPresent(reader -> compare(comparison, reader, outputs, firstRow));
    return comparison;
  }

  private void compare(
      ShadowComparison comparison, PredictionReader reader, BatchOutputs outputs, int firstRow) {
    MemorySegment bytes = outputs.bytes(reader.outputIndex());
    long rowBytes = outputs.offset(reader.outputIndex(), 1);
    for (int i = 0; i < classes.length; i++) {
      int row = firstRow + i;
      comparison.addRow(
          classes[i],
          scores[i],
          reader.classOf(bytes, rowBytes, row),
          reader.scoreOf(bytes, rowBytes, row, classes[i]));
    }
  }
}
