package io.javelin.server.activation;

import io.javelin.server.config.ModelConfig;
import io.javelin.server.pipeline.Execution;
import io.javelin.server.pipeline.RuntimeSettings;
import io.javelin.server.quality.PredictionSpec;
import java.util.Locale;

/// Turns a model's configuration into what the pipeline runs it with. Pure.
final class SettingsMapper {
  private SettingsMapper() {}

  static RuntimeSettings toSettings(ModelConfig model) {
    ModelConfig.Predictions predictions = model.predictions();
    return new RuntimeSettings(
        instances(model.instances()),
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

  private static RuntimeSettings.Instances instances(ModelConfig.Instances configured) {
    ModelConfig.Execution execution = configured.execution();
    return new RuntimeSettings.Instances(
        configured.engine(),
        configured.count(),
        configured.each(),
        new Execution(
            Execution.Mode.valueOf(execution.mode().toUpperCase(Locale.ROOT)),
            execution.eventLoopBoundNanos()));
  }
}
