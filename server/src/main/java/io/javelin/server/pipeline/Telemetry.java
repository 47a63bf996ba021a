package io.javelin.server.pipeline;

import io.javelin.batching.Admission;
import io.javelin.batching.CloseCause;
import java.util.List;
import java.util.function.IntSupplier;
import java.util.function.IntUnaryOperator;
import java.util.function.LongSupplier;

/// Seam to metrics: what the pipeline reports. Handles are looked up when a version or variant is
/// first used and kept; the methods of the handles are on the hot path and must not block, throw or
/// allocate. Thread-safe.
public interface Telemetry {
  /// Handles of a loaded version. Closing them removes its series.
  VersionTelemetry version(String model, long version);

  /// Handles of a shadow comparison.
  ShadowTelemetry shadow(String model, String shadow, long shadowVersion);

  /// Says what the versions of a model predict, before the first prediction.
  ///
  /// @param classLabels names of the classes by index, may be empty
  /// @param probabilities whether scores lie in [0, 1]
  void describePredictions(String model, List<String> classLabels, boolean probabilities);

  /// A request that never reached a version: unknown model, malformed message.
  void onRefusedEarly(FailureReason reason);

  /// A tenant was refused.
  ///
  /// @param tenant a configured tenant, or [TenantQuotas#OTHER]
  default void onTenantRefused(String tenant, TenantRefusal reason) {}

  /// One loaded version.
  interface VersionTelemetry extends AutoCloseable {
    VariantTelemetry variant(String variant);

    /// A batch was closed.
    void onBatch(int rows, int requests, CloseCause cause);

    /// One execution of the model has ended.
    void onExecution();

    /// The batcher took a request, or refused it.
    default void onAdmission(Admission admission) {}

    /// Sources of the gauges of the queue.
    ///
    /// @param levels priority levels, from 1 on
    /// @param rowsAtLevel rows that wait at a level
    /// @param limitRows the adaptive limit of rows in flight, 0 = none
    default void bindQueue(int levels, IntUnaryOperator rowsAtLevel, IntSupplier limitRows) {}

    /// A run was stopped because all its callers had gone.
    default void onTermination() {}

    /// Handles of the version's response cache, for a model that has one.
    ///
    /// @param entries source of the number of kept answers
    /// @param bytes source of their bytes
    CacheTelemetry cache(LongSupplier entries, LongSupplier bytes);

    /// Counts the elements of padded runs, for a version that pads.
    PaddingTelemetry padding();

    /// Source of the pending-requests gauge.
    void bindPending(IntSupplier pendingRequests);

    /// Seconds from bucket to READY.
    void onLoaded(double seconds);

    @Override
    void close();
  }

  /// One version as seen by the users of one variant.
  interface VariantTelemetry {
    /// A request was answered. All durations in nanoseconds; the compute durations are those of the
    /// whole batch, as in Triton's statistics.
    void onSuccess(
        int rows,
        long queueNanos,
        long computeInputNanos,
        long computeInferNanos,
        long computeOutputNanos,
        long totalNanos);

    /// A request was answered with what was computed for an identical one.
    void onCached(long totalNanos);

    void onFailure(FailureReason reason);

    /// One predicted row.
    ///
    /// @param classIndex winning class, or -1 when the model has no classes
    /// @param score its score or the regression value, or NaN when there is none
    void onPrediction(int classIndex, double score);
  }

  /// Padding of one version.
  @FunctionalInterface
  interface PaddingTelemetry {
    /// Elements of all inputs of one run: those of requests, and those that were added.
    void onRun(long realElements, long addedElements);
  }

  /// The response cache of one version. Durations in nanoseconds.
  interface CacheTelemetry {
    /// Answered from the cache, this long after arrival.
    void onHit(long totalNanos);

    /// Got the answer of an identical request that was being computed.
    void onShared();

    /// To be computed; known this long after arrival.
    void onMiss(long totalNanos);

    /// Keeping an answer took this long.
    void onKept(long nanos);

    /// Too large to be hashed.
    void onBypass();
  }

  /// Shadow traffic of one model. `sampled = compared + dropped + failed` holds at rest.
  interface ShadowTelemetry extends AutoCloseable {
    void onSampled();

    /// The bounded queue was full.
    void onDropped();

    void onFailed();

    /// One mirrored request was compared, row by row.
    void onCompared(int rows, int agreeingRows, double meanAbsoluteScoreDifference);

    @Override
    void close();
  }

  /// Why a tenant was refused.
  enum TenantRefusal {
    /// Its quota is used up.
    QUOTA,
    /// It holds its share of the queue, and others wait.
    SHARE
  }

  /// Triton's label values of `nv_inference_request_failure`.
  enum FailureReason {
    /// Refused before it cost compute: queue full, expired, invalid.
    REJECTED,
    /// The caller cancelled.
    CANCELED,
    /// The engine failed.
    BACKEND,
    /// Anything else.
    OTHER
  }
}
