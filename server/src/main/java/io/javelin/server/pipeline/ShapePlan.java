package io.javelin.server.pipeline;

import io.javelin.loader.engine.EngineException;
import io.javelin.loader.engine.ModelSignature;
import io.javelin.server.pipeline.Telemetry.PaddingTelemetry;
import io.javelin.server.pipeline.Telemetry.VersionTelemetry;
import org.jspecify.annotations.Nullable;

/// What is added to a batch before it runs. Immutable and thread-safe.
///
/// @param fixedRows rows of every run, of which those behind the batch's own are copies of its
///   first; 0 = as many as the batch has
/// @param padding how lengths are brought together, null = not at all
/// @param counts told of each run with something to add
record ShapePlan(int fixedRows, @Nullable PaddingPlan padding, PaddingTelemetry counts) {
  /// Batches run as they are.
  static final ShapePlan NONE = new ShapePlan(0, null, (real, added) -> {});

  /// @throws EngineException when padding does not fit the model
  static ShapePlan of(
      RuntimeSettings settings, ModelSignature signature, VersionTelemetry telemetry)
      throws EngineException {
    PaddingSpec spec = settings.handling().padding();
    boolean fixed = settings.handling().deterministic() && signature.batching();
    if (spec == null && !fixed) {
      return NONE;
    }
    return new ShapePlan(
        fixed ? settings.instances().each().maxRows() : 0,
        spec == null ? null : new PaddingPlan(spec, signature),
        telemetry.padding());
  }

  boolean addsNothing() {
    return fixedRows == 0 && padding == null;
  }

  int runRows(int batchRows) {
    return Math.max(fixedRows, batchRows);
  }
}
