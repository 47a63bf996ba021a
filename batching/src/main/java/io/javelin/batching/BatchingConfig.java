package io.javelin.batching;

import java.util.List;
import org.jspecify.annotations.Nullable;

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
/// @param costBound most cost in one batch; null = bounded in rows only
/// @param queueing who is served first, and who is refused
public record BatchingConfig(
    int maxBatchRows,
    int maxQueueRows,
    long maxQueueDelayNanos,
    List<Integer> preferredRows,
    @Nullable CostBound costBound,
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

  /// The bound of a batch in cost, see [BatchItem#cost]. A request that alone costs more runs
  /// alone.
  ///
  /// @param maxCost at least 1
  /// @param input name of the input that the caller takes the cost from
  /// @param dimension the dimension of that input which is counted, per row
  public record CostBound(long maxCost, String input, int dimension) {
    /// Refuses values out of range.
    public CostBound {
      require(maxCost >= 1, "maxCost", maxCost, "at least 1");
      require(dimension >= 0, "dimension", dimension, "at least 0");
    }
  }

  /// First in, first out, bounded in rows only.
  public BatchingConfig(
      int maxBatchRows, int maxQueueRows, long maxQueueDelayNanos, List<Integer> preferredRows) {
    this(maxBatchRows, maxQueueRows, maxQueueDelayNanos, preferredRows, null, QueueingConfig.PLAIN);
  }

  private static void require(boolean holds, String key, Object value, String expected) {
    if (!holds) {
      throw new IllegalArgumentException(key + " = " + value + ", expected " + expected);
    }
  }
}
