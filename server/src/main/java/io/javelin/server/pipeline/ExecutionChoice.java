package io.javelin.server.pipeline;

import io.javelin.server.pipeline.Execution.Mode;

/// What runs on the event loop at present. Pure.
///
/// Waking a thread costs as much processor time as a whole small request, and adds 40 to 110 us to
/// a lone one (`docs/adr/0019`). So a run that is over sooner than that stays on the loop that has
/// read its requests, as long as no instance thread is at work. While one is, the loop better goes
/// on reading: then only *cheap* models stay, whose row costs less than reading its request does.
///
/// @param loopRows most rows of one run on a loop; 0 = none
/// @param whileBusy whether the loop also runs batches while instance threads are at work
record ExecutionChoice(int loopRows, boolean whileBusy) {
  /// Nothing runs on a loop.
  static final ExecutionChoice THREADS = new ExecutionChoice(0, false);

  /// About what grpc-java spends on one request. A model whose row costs less is *cheap*.
  private static final long CHEAP_ROW_NANOS = 6_000;

  /// A cheap model stays cheap up to this multiple, so that a cost near the limit does not flip the
  /// choice with every look.
  private static final double STAYS_CHEAP = 1.5;

  /// Decides anew.
  ///
  /// @param maxRows largest batch
  /// @param before the choice in force
  static ExecutionChoice of(
      Execution execution, RunTimes times, int maxRows, ExecutionChoice before) {
    if (execution.mode() == Mode.THREADS) {
      return THREADS;
    }
    int rows = rowsWithin(execution.loopBoundNanos(), times, maxRows);
    if (rows == 0) {
      return THREADS;
    }
    double cheap = before.whileBusy ? CHEAP_ROW_NANOS * STAYS_CHEAP : CHEAP_ROW_NANOS;
    boolean whileBusy =
        execution.mode() == Mode.EVENT_LOOP || times.estimateNanos(rows) < cheap * rows;
    return new ExecutionChoice(rows, whileBusy);
  }

  /// The largest number of rows whose run keeps the bound. Doubles from one row on: what is known
  /// of large runs may be older than what is known of small ones, and must not outvote it.
  private static int rowsWithin(long boundNanos, RunTimes times, int maxRows) {
    int within = 0;
    int beyond = 1;
    while (beyond <= maxRows && keeps(boundNanos, times, beyond)) {
      within = beyond;
      beyond = Math.min(2 * beyond, Math.max(maxRows, beyond + 1));
    }
    while (beyond - within > 1) {
      int middle = (within + beyond) >>> 1;
      if (keeps(boundNanos, times, middle)) {
        within = middle;
      } else {
        beyond = middle;
      }
    }
    return within;
  }

  private static boolean keeps(long boundNanos, RunTimes times, int rows) {
    long nanos = times.estimateNanos(rows);
    return nanos > 0 && nanos <= boundNanos;
  }

  /// As the log says it.
  @Override
  public String toString() {
    if (loopRows == 0) {
      return "runs on instance threads";
    }
    return "runs up to %d rows on the event loop%s"
        .formatted(loopRows, whileBusy ? "" : " while the instance threads are idle");
  }
}
