package io.javelin.server.pipeline;

import io.javelin.batching.ServiceTimeModel;
import io.javelin.loader.engine.EngineException;
import io.javelin.loader.engine.EngineInstance;
import java.util.function.LongSupplier;

/// Measures what runs of a version cost, before it is ready: with zero rows, which for the models
/// that this matters to (fixed rows, small) cost the same as any others.
final class RunTimesProbe {
  private static final int WARM_RUNS = 20;
  private static final int TIMED_RUNS = 9;

  /// A model so dear that one size takes longer runs on threads anyway; it is not measured further.
  private static final long ENOUGH_NANOS = 20_000_000;

  private final WarmupRows rows;
  private final LongSupplier nanoClock;

  RunTimesProbe(WarmupRows rows, LongSupplier nanoClock) {
    this.rows = rows;
    this.nanoClock = nanoClock;
  }

  /// Teaches `times` what 1, 4, 16, ... and `maxRows` rows cost.
  void measure(EngineInstance instance, int maxRows, ServiceTimeModel times)
      throws EngineException {
    long start = nanoClock.getAsLong();
    for (long size = 1; size < maxRows; size *= 4) {
      measureSize(instance, (int) size, times);
      if (nanoClock.getAsLong() - start > ENOUGH_NANOS) {
        return;
      }
    }
    measureSize(instance, maxRows, times);
  }

  /// Runs a few batches of the smallest and largest size.
  void warm(EngineInstance instance, int maxRows) throws EngineException {
    rows.run(instance, maxRows);
    rows.run(instance, 1);
  }

  private void measureSize(EngineInstance instance, int size, ServiceTimeModel times)
      throws EngineException {
    long start = nanoClock.getAsLong();
    for (int i = 0; i < WARM_RUNS && nanoClock.getAsLong() - start < ENOUGH_NANOS; i++) {
      rows.run(instance, size);
    }
    for (int i = 0; i < TIMED_RUNS; i++) {
      long before = nanoClock.getAsLong();
      rows.run(instance, size);
      times.record(RequestValidator.FIXED_SHAPE, size, nanoClock.getAsLong() - before);
    }
  }
}
