package io.javelin.server.pipeline;

import io.javelin.batching.BatchingConfig;
import io.javelin.loader.engine.InstanceConfig;
import io.javelin.server.quality.PredictionSpec;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// How a model's versions are run, as configured.
///
/// @param instances what runs the model
/// @param batching how batches are formed
/// @param handling what is done with a request besides batching
/// @param warmup what runs before a version becomes ready
/// @param predictions where the model's prediction is found
public record RuntimeSettings(
    Instances instances,
    BatchingConfig batching,
    Handling handling,
    Warmup warmup,
    PredictionSpec predictions) {

  /// What runs the model, and where.
  ///
  /// @param engine name of the engine
  /// @param count engine instances per version, each with its own batch worker
  /// @param each how one instance is opened
  /// @param execution which runs may take place on an event loop
  public record Instances(String engine, int count, InstanceConfig each, Execution execution) {}

  /// What is done with a request besides batching.
  ///
  /// @param queueTimeoutNanos how long a request may wait when it does not say so itself; 0 = no
  ///   limit
  /// @param cache how answers are kept, null = not at all
  /// @param splitsOversize whether a request with more rows than a batch may have runs in parts;
  ///   else it is refused
  /// @param deterministic whether every run has the same number of rows, so that an answer does not
  ///   depend on who shared the batch
  /// @param padding how lengths are brought together, null = not at all
  public record Handling(
      long queueTimeoutNanos,
      @Nullable CacheSettings cache,
      boolean splitsOversize,
      boolean deterministic,
      @Nullable PaddingSpec padding) {
    /// Requests that are only batched.
    public static Handling plain(long queueTimeoutNanos) {
      return new Handling(queueTimeoutNanos, null, false, false, null);
    }
  }

  /// How a version's answers are kept.
  ///
  /// @param maxBytes most bytes of kept answers
  /// @param ttlNanos age at which an answer is forgotten
  /// @param maxHashedBytes most input bytes that are hashed for it; larger requests are not cached
  public record CacheSettings(long maxBytes, long ttlNanos, int maxHashedBytes) {}

  /// Settings of requests that are only batched.
  public RuntimeSettings(
      Instances instances,
      BatchingConfig batching,
      long queueTimeoutNanos,
      Warmup warmup,
      PredictionSpec predictions) {
    this(instances, batching, Handling.plain(queueTimeoutNanos), warmup, predictions);
  }

  /// How long a request may wait when it does not say so itself, in nanoseconds; 0 = no limit.
  public long queueTimeoutNanos() {
    return handling.queueTimeoutNanos();
  }

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
    return new RuntimeSettings(instances, eager, handling, warmup, predictions);
  }

  /// Whether a version that was loaded with `other` must be loaded again to follow these settings.
  /// Batching values, the queue time-out and the cache are applied to a running version.
  public boolean needsReload(RuntimeSettings other) {
    return !instances.equals(other.instances)
        || handling.deterministic() != other.handling.deterministic()
        || !Objects.equals(handling.padding(), other.handling.padding());
  }
}
