package io.javelin.server.pipeline;

import io.javelin.loader.engine.EngineException;
import io.javelin.loader.engine.ModelSignature;
import io.javelin.server.pipeline.Telemetry.VariantTelemetry;
import io.javelin.server.quality.PredictionChoice;
import io.javelin.server.quality.PredictionReader;
import io.javelin.server.quality.PredictionSpec;
import java.lang.foreign.MemorySegment;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Finds the prediction of a version among its outputs, and counts what callers were told, by
/// variant. Thread-safe.
final class PredictionCounter {
  private final Optional<PredictionReader> reader;
  private final CallOutcomes outcomes;

  private PredictionCounter(Optional<PredictionReader> reader, CallOutcomes outcomes) {
    this.reader = reader;
    this.outcomes = outcomes;
  }

  /// @throws EngineException when the wanted output cannot be read as a prediction
  static PredictionCounter of(
      PredictionSpec wanted,
      ModelSignature signature,
      @Nullable PaddingPlan padding,
      CallOutcomes outcomes)
      throws EngineException {
    Optional<PredictionReader> chosen =
        switch (PredictionChoice.of(signature, wanted)) {
          case PredictionChoice.Chosen(PredictionReader found) -> Optional.of(found);
          case PredictionChoice.Nothing() -> Optional.empty();
          case PredictionChoice.Invalid(String error) -> throw new EngineException(error);
        };
    // An output that is cut back per request has no row size of its own, so it is no prediction.
    boolean cut =
        padding != null
            && chosen.filter(found -> padding.outputDim(found.outputIndex()) >= 0).isPresent();
    String named = wanted.output();
    if (cut && named != null) {
      throw new EngineException("prediction output '%s' is cut back by padding".formatted(named));
    }
    return new PredictionCounter(cut ? Optional.empty() : chosen, outcomes);
  }

  /// Reads the prediction of a row; empty for a version without one.
  Optional<PredictionReader> reader() {
    return reader;
  }

  /// Counts the rows of an answered call.
  void count(InferCall call, BatchOutputs outputs, int firstRow) {
    if (reader.isEmpty()) {
      return;
    }
    PredictionReader found = reader.get();
    MemorySegment bytes = outputs.bytes(found.outputIndex());
    long rowBytes = outputs.offset(found.outputIndex(), 1);
    VariantTelemetry telemetry = outcomes.variant(call.variant());
    for (int row = firstRow; row < firstRow + call.rows(); row++) {
      int predicted = found.classOf(bytes, rowBytes, row);
      telemetry.onPrediction(predicted, found.scoreOf(bytes, rowBytes, row, predicted));
    }
  }
}
