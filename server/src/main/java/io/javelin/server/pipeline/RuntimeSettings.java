package io.javelin.server.pipeline;

import io.javelin.batching.BatchingConfig;
import io.javelin.loader.engine.InstanceConfig;
import io.javelin.server.quality.PredictionSpec;
import java.util.List;

/// How a model's versions are run, as configured.
///
/// @param instances what runs the model
/// @param batching how batches are formed
/// @param queueTimeoutNanos how long a request may wait when it does not say so itself; 0 = no
///   limit
/// @param warmup what runs before a version becomes ready
/// @param predictions where the model's prediction is found
public record RuntimeSettings(
    Instances instances,
    BatchingConfig batching,
    long queueTimeoutNanos,
    Warmup warmup,
    PredictionSpec predictions) {

  /// What runs the model, and where.
  ///
  /// @param engine name of the engine
  /// @param count engine instances per version, each with its own batch worker
  /// @param each how one instance is opened
  /// @param execution which runs may take place on an event loop
  public record Instances(String engine, int count, InstanceConfig each, Execution execution) {}

  /// Runs before a version becomes ready.
  ///
  /// @param batchSizes rows per run, each tried in turn
  /// @param iterations runs per batch size, and at most as many requests through the request path
  /// @param requestPathNanos no request is sent through the request path after this time; 0 = none
  public record Warmup(List<Integer> batchSizes, int iterations, long requestPathNanos) {}

  /// The same for a caller who comes alone: no batch waits for company.
  RuntimeSettings withoutQueueDelay() {
    BatchingConfig eager =
        new BatchingConfig(
            batching.maxBatchRows(),
            batching.maxQueueRows(),
            0,
            List.of(),
            batching.costBound(),
            batching.queueing());
    return new RuntimeSettings(instances, eager, queueTimeoutNanos, warmup, predictions);
  }

  /// Whether a version that was loaded with `other` must be loaded again to follow these settings.
  /// Batching values and the queue time-out are applied to a running version.
  public boolean needsReload(RuntimeSettings other) {
    return !instances.equals(other.instances);
  }
}
