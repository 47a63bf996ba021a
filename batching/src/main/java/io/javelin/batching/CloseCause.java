package io.javelin.batching;

/// Why a batch was closed; a label of the batch-size metric.
public enum CloseCause {
  /// It holds the maximum of rows or of cost, or as many rows as are worth running together by the
  /// learned run times, or the next waiting request would not fit.
  FULL,
  /// It reached a preferred size.
  PREFERRED,
  /// The oldest request had waited for the maximum queue delay.
  DELAY,
  /// A deadline in it would have been missed by waiting any longer, or by running more rows.
  DEADLINE,
  /// An instance was idle and no delay is configured.
  IDLE,
  /// The next waiting request has another batch key.
  KEY,
  /// The batcher is closing and runs what is left.
  DRAIN
}
