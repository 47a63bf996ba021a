package io.javelin.batching;

import java.util.List;

/// How one model version forms batches. Immutable; applied between batches by
/// [MicroBatcher#reconfigure].
///
/// @param maxBatchRows most rows in one batch, at least 1; 1 for a model that does not batch
/// @param maxQueueRows most rows that may wait, at least `maxBatchRows`
/// @param maxQueueDelayNanos how long the oldest request may wait for company while an instance is
///   idle, from 0 to [#LONGEST_QUEUE_DELAY_NANOS]; 0 (the default) means that an idle instance
///   never waits
/// @param preferredRows ascending batch sizes worth closing early at while a delay is configured;
///   each at most `maxBatchRows`; may be empty
/// @param maxBatchCost most cost in one batch, in the units of [BatchItem#cost]; 0 = no bound. A
///   request that alone costs more runs alone
/// @param queueing who is served first, and who is refused
public record BatchingConfig(
    int maxBatchRows,
    int maxQueueRows,
    long maxQueueDelayNanos,
    List<Integer> preferredRows,
    long maxBatchCost,
    QueueingConfig queueing) {

  /// The longest delay that is not taken for a mistake of units: one hour.
  public static final long LONGEST_QUEUE_DELAY_NANOS = 3_600_000_000_000L;

  /// Refuses a value out of range with its key, the value and what was expected.
  public BatchingConfig {
    preferredRows = List.copyOf(preferredRows);
    require(maxBatchRows >= 1, "maxBatchRows", maxBatchRows, "at least 1");
    require(
        maxQueueRows >= maxBatchRows,
        "maxQueueRows",
        maxQueueRows,
        "at least maxBatchRows (" + maxBatchRows + ")");
    require(
        maxQueueDelayNanos >= 0 && maxQueueDelayNanos <= LONGEST_QUEUE_DELAY_NANOS,
        "maxQueueDelayNanos",
        maxQueueDelayNanos,
        "0 to " + LONGEST_QUEUE_DELAY_NANOS);
    require(maxBatchCost >= 0, "maxBatchCost", maxBatchCost, "at least 0");
    int previous = 0;
    for (int rows : preferredRows) {
      require(
          rows > previous && rows <= maxBatchRows,
          "preferredRows",
          preferredRows,
          "ascending sizes from 1 to maxBatchRows (" + maxBatchRows + ")");
      previous = rows;
    }
  }

  /// First in, first out, bounded in rows only.
  public BatchingConfig(
      int maxBatchRows, int maxQueueRows, long maxQueueDelayNanos, List<Integer> preferredRows) {
    this(
        maxBatchRows, maxQueueRows, maxQueueDelayNanos, preferredRows, 0, QueueingConfig.PLAIN);
  }

  private static void require(boolean holds, String key, Object value, String expected) {
    if (!holds) {
      throw new IllegalArgumentException(key + " = " + value + ", expected " + expected);
    }
  }
}
