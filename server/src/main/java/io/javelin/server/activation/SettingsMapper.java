package io.javelin.server.activation;

import io.javelin.server.config.ModelConfig;
import io.javelin.server.pipeline.Execution;
import io.javelin.server.pipeline.PaddingSpec;
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
        handling(model.queue()),
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

  private static RuntimeSettings.Handling handling(ModelConfig.Queue queue) {
    ModelConfig.Padding padding = queue.requests().padding();
    ModelConfig.ResponseCache cache = queue.requests().cache();
    return new RuntimeSettings.Handling(
        queue.defaultTimeoutNanos(),
        cache == null
            ? null
            : new RuntimeSettings.CacheSettings(
                cache.maxBytes(), cache.ttlNanos(), cache.maxInputBytes()),
        queue.requests().splitting(),
        queue.requests().deterministic(),
        padding == null ? null : padding(padding));
  }

  private static PaddingSpec padding(ModelConfig.Padding padding) {
    return new PaddingSpec(
        padding.inputs().stream()
            .map(input -> new PaddingSpec.Input(input.name(), input.dim(), input.padValue()))
            .toList(),
        padding.buckets(),
        padding.maskInput(),
        padding.outputs().stream()
            .map(output -> new PaddingSpec.Output(output.name(), output.dim()))
            .toList(),
        padding.refusesLonger());
  }
}
