package io.javelin.batching;

import java.util.List;

/// How one model version forms batches. Immutable; applied between batches by
/// [MicroBatcher#reconfigure].
///
/// @param maxBatchRows most rows in one batch, at least 1
/// @param maxQueueRows most rows that may wait, at least `maxBatchRows`
/// @param maxQueueDelayNanos how long the oldest request may wait for company while an instance is
///   idle; 0 (the default) means that an idle instance never waits
/// @param preferredRows ascending batch sizes worth closing early at while a delay is configured;
///   each at most `maxBatchRows`; may be empty
public record BatchingConfig(
    int maxBatchRows, int maxQueueRows, long maxQueueDelayNanos, List<Integer> preferredRows) {}
