package io.javelin.server.pipeline;

import io.javelin.batching.Admission;
import io.javelin.batching.BatchingConfig;
import io.javelin.batching.QueueingConfig.FairShare;
import org.jspecify.annotations.Nullable;

/// Words the refusals of admission. They are answered by the thousand under overload, so they are
/// put together without formatting.
final class Refusals {
  private static final long NANOS_PER_TENTH = 100_000;

  private Refusals() {}

  static Refusal notAdmitted(InferCall call, ModelRuntime runtime, Admission.Refused refused) {
    Admission.Reason reason = refused.reason();
    if (reason == Admission.Reason.DEADLINE_PASSED && call.hasQueueTimeout()) {
      return call.expiry();
    }
    BatchingConfig batching = runtime.settings().batching();
    String detail =
        switch (reason) {
          case QUEUE_FULL -> waiting(call, runtime, batching);
          case TOO_MANY_ROWS -> String.valueOf(batching.maxBatchRows());
          case LIMIT ->
              runtime.queuedRows()
                  + " rows are waiting, the limit of rows in flight is "
                  + runtime.limitRows();
          case TENANT_SHARE -> share(batching.queueing().fairShare());
          case DEADLINE_UNREACHABLE ->
              "needs about "
                  + millis(refused.nanos())
                  + " ms and has "
                  + millis(call.answerByNanos() - call.arrivedNanos())
                  + " ms";
          case DEADLINE_PASSED, CLOSED -> "";
        };
    return new Refusal.NotAdmitted(
        runtime.model(), runtime.version(), reason, detail, refused.nanos());
  }

  static Refusal overQuota(InferCall call, long refillNanos) {
    String tenant = call.tenant();
    return new Refusal.OverQuota(tenant == null ? "" : tenant, call.request().model(), refillNanos);
  }

  private static String waiting(InferCall call, ModelRuntime runtime, BatchingConfig batching) {
    if (batching.queueing().levels().size() == 1) {
      return runtime.queuedRows() + " of " + batching.maxQueueRows() + " rows are waiting";
    }
    int level = call.priorityLevel();
    return runtime.queuedRows(level)
        + " of "
        + batching.queueing().policy(level).maxQueueRows()
        + " rows are waiting at priority level "
        + level;
  }

  private static String share(@Nullable FairShare share) {
    return share == null
        ? "its share of the queue"
        : "its share, " + share.maxSharePercent() + " % of the queue";
  }

  /// Milliseconds with one decimal.
  static String millis(long nanos) {
    long tenths = nanos / NANOS_PER_TENTH;
    return tenths / 10 + "." + Math.abs(tenths % 10);
  }
}
