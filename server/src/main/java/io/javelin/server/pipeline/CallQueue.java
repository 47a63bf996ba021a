package io.javelin.server.pipeline;

import io.javelin.batching.Admission;

/// Where calls of a version wait to be run. Thread-safe; never blocks.
interface CallQueue {
  /// Queues a call that fits a batch, or refuses it.
  Admission submit(InferCall call);

  /// Rows that wait now.
  int queuedRows();
}
