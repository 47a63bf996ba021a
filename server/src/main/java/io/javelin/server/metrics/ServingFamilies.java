package io.javelin.server.metrics;

import io.javelin.server.metrics.CounterFamily.Naming;

/// The families of the request path, registered once per server. Triton's names keep Triton's
/// meaning, so that its dashboards work unchanged; the rest is described in `docs/metrics.md`.
final class ServingFamilies {
  private static final long NANOS_PER_MICRO = 1_000;

  final LatencyCells latencyCells = new LatencyCells();

  final CounterFamily success;
  final CounterFamily failure;
  final CounterFamily inferences;
  final CounterFamily executions;
  final CounterFamily requestNanos;
  final CounterFamily queueNanos;
  final CounterFamily computeInputNanos;
  final CounterFamily computeInferNanos;
  final CounterFamily computeOutputNanos;
  final GaugeFamily pending;
  final GaugeFamily loadSeconds;

  final HistogramFamily<LatencyHistogram> latency;
  final HistogramFamily<ValueHistogram> batchRows;
  final HistogramFamily<ValueHistogram> batchRequests;
  final CounterFamily batchReleases;
  final CounterFamily terminations;
  final CounterFamily predictedClasses;
  final HistogramFamily<ValueHistogram> predictedScores;
  final CounterFamily shadowRequests;
  final CounterFamily shadowRows;
  final HistogramFamily<ValueHistogram> shadowDifferences;
  final CounterFamily refusedEarly;
  final CounterFamily admissions;
  final CounterFamily tenantsRefused;
  final GaugeFamily queueRows;
  final GaugeFamily concurrencyLimit;
  final CounterFamily inputElements;
  final CounterFamily cacheHits;
  final CounterFamily cacheMisses;
  final CounterFamily cacheHitNanos;
  final CounterFamily cacheMissNanos;
  final CounterFamily cacheRequests;
  final GaugeFamily cacheEntries;
  final GaugeFamily cacheBytes;

  ServingFamilies(MetricsRegistry registry) {
    success = registry.register(triton("request_success", "Requests answered without an error", 1));
    failure = registry.register(triton("request_failure", "Requests answered with an error", 1));
    inferences = registry.register(triton("count", "Rows inferred by answered requests", 1));
    executions = registry.register(triton("exec_count", "Executions of the model", 1));
    requestNanos = registry.register(micros("request", "Time from arrival to answer"));
    queueNanos = registry.register(micros("queue", "Time before the execution began"));
    computeInputNanos = registry.register(micros("compute_input", "Time to gather the inputs"));
    computeInferNanos = registry.register(micros("compute_infer", "Time to run the model"));
    computeOutputNanos = registry.register(micros("compute_output", "Time to scatter the outputs"));
    pending =
        registry.register(
            new GaugeFamily(
                "nv_inference_pending_request_count", "Requests waiting for an execution"));
    loadSeconds =
        registry.register(
            new GaugeFamily("nv_model_load_duration_secs", "Seconds from bucket to ready"));
    latency =
        registry.register(
            new HistogramFamily<>(
                "javelin_inference_latency_seconds", "Latency of answered requests by stage"));
    batchRows =
        registry.register(new HistogramFamily<>("javelin_batch_rows", "Rows of a closed batch"));
    batchRequests =
        registry.register(
            new HistogramFamily<>("javelin_batch_requests", "Requests of a closed batch"));
    batchReleases = registry.register(total("javelin_batch_release", "Closed batches by cause"));
    terminations =
        registry.register(total("javelin_runs_terminated", "Runs stopped for want of callers"));
    predictedClasses =
        registry.register(total("javelin_prediction_class", "Predicted rows by class"));
    predictedScores =
        registry.register(
            new HistogramFamily<>(
                "javelin_prediction_score", "Score of the predicted class, or predicted value"));
    shadowRequests =
        registry.register(total("javelin_shadow_requests", "Mirrored requests by result"));
    shadowRows =
        registry.register(total("javelin_shadow_rows", "Compared rows by agreement with live"));
    shadowDifferences =
        registry.register(
            new HistogramFamily<>(
                "javelin_shadow_score_difference",
                "Mean absolute score difference of a mirrored request"));
    refusedEarly =
        registry.register(
            total("javelin_refused_early", "Requests that never reached a model version"));
    admissions = registry.register(total("javelin_admission", "Requests by admission decision"));
    tenantsRefused =
        registry.register(total("javelin_tenant_refused", "Requests refused by tenant"));
    queueRows = registry.register(new GaugeFamily("javelin_queue_rows", "Rows waiting at a level"));
    concurrencyLimit =
        registry.register(
            new GaugeFamily("javelin_concurrency_limit_rows", "Rows that may wait and run"));
    inputElements =
        registry.register(
            total("javelin_padded_input_elements", "Input elements of runs with padding"));
    cacheHits = registry.register(cache("num_hits", "Requests answered from the cache", 1));
    cacheMisses = registry.register(cache("num_misses", "Requests not found in the cache", 1));
    cacheHitNanos =
        registry.register(cache("hit_duration", "Time of hits, microseconds", NANOS_PER_MICRO));
    cacheMissNanos =
        registry.register(
            cache("miss_duration", "Time that misses cost, microseconds", NANOS_PER_MICRO));
    cacheRequests =
        registry.register(
            total("javelin_response_cache_requests", "Requests by what the cache did"));
    cacheEntries =
        registry.register(new GaugeFamily("javelin_response_cache_entries", "Kept answers"));
    cacheBytes =
        registry.register(new GaugeFamily("javelin_response_cache_bytes", "Bytes of kept answers"));
  }

  static CounterFamily total(String name, String help) {
    return new CounterFamily(name, help, Naming.TOTAL, 1);
  }

  private static CounterFamily triton(String name, String help, long unitsPerCount) {
    return new CounterFamily("nv_inference_" + name, help, Naming.EXACT, unitsPerCount);
  }

  private static CounterFamily cache(String name, String help, long unitsPerCount) {
    return new CounterFamily("nv_cache_" + name + "_per_model", help, Naming.EXACT, unitsPerCount);
  }

  private static CounterFamily micros(String stage, String help) {
    return triton(stage + "_duration_us", help + ", cumulative microseconds", NANOS_PER_MICRO);
  }
}
