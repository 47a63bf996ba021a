package io.javelin.server.activation;

import io.javelin.server.config.ModelConfig;
import io.javelin.server.pipeline.RuntimeSettings;
import io.javelin.server.quality.PredictionSpec;

/// Turns a model's configuration into what the pipeline runs it with. Pure.
final class SettingsMapper {
  private SettingsMapper() {}

  static RuntimeSettings toSettings(ModelConfig model) {
    ModelConfig.Predictions predictions = model.predictions();
    return new RuntimeSettings(
        model.instances().engine(),
        model.instances().count(),
        model.instances().each(),
        model.queue().batching(),
        model.queue().defaultTimeoutNanos(),
        new RuntimeSettings.Warmup(
            model.warmup().batchSizes(),
            model.warmup().iterations(),
            model.warmup().requestPathNanos()),
        predictions == null
            ? PredictionSpec.AUTOMATIC
            : new PredictionSpec(predictions.output(), predictions.classLabels(), null));
  }
}
