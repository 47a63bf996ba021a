package io.javelin.batching;

import java.util.List;
import java.util.function.LongSupplier;

/// Coalesces requests of one model version into micro-batches for its engine instances.
///
/// CONTRACT SKETCH (signatures are fixed, bodies to be written):
/// - `submit` from any thread, never blocks for a run; refuses at once.
/// - `cancel` frees the queue slot at once; true = the item was still waiting and is the caller's.
/// - one `BatchWorker` platform thread per runner, named `batch-<name>-<i>`.
/// - `close` refuses new work, runs what was admitted, then stops the workers and waits for them.
///
/// @param <T> request type
public final class MicroBatcher<T extends BatchItem> implements AutoCloseable {
  public MicroBatcher(
      String name,
      BatchingConfig config,
      List<? extends BatchRunner<T>> runners,
      BatchListener<T> listener,
      LongSupplier nanoClock) {
    throw new UnsupportedOperationException();
  }

  public Admission submit(T item) {
    throw new UnsupportedOperationException();
  }

  public boolean cancel(T item) {
    throw new UnsupportedOperationException();
  }

  public void reconfigure(BatchingConfig config) {
    throw new UnsupportedOperationException();
  }

  public int queuedRows() {
    throw new UnsupportedOperationException();
  }

  public int queuedItems() {
    throw new UnsupportedOperationException();
  }

  @Override
  public void close() {
    throw new UnsupportedOperationException();
  }
}
