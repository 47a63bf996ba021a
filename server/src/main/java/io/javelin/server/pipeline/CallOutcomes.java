package io.javelin.server.pipeline;

import io.javelin.server.pipeline.RequestTracer.RequestTrace;
import io.javelin.server.pipeline.Telemetry.FailureReason;
import io.javelin.server.pipeline.Telemetry.VariantTelemetry;
import io.javelin.server.pipeline.Telemetry.VersionTelemetry;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// Ends calls of one model version: counts the outcome, ends the span, releases message and lease.
/// Every admitted call ends here exactly once. Thread-safe.
final class CallOutcomes {
  private final VersionTelemetry telemetry;
  private final LongSupplier nanoClock;
  private final ConcurrentHashMap<String, VariantTelemetry> variants = new ConcurrentHashMap<>();

  CallOutcomes(VersionTelemetry telemetry, LongSupplier nanoClock) {
    this.telemetry = telemetry;
    this.nanoClock = nanoClock;
  }

  VariantTelemetry variant(String name) {
    VariantTelemetry known = variants.get(name);
    return known != null ? known : variants.computeIfAbsent(name, telemetry::variant);
  }

  /// The caller has its answer.
  void succeeded(InferCall call, BatchTimes times) {
    if (endedPart(call, times)) {
      return;
    }
    variant(call.variant())
        .onSuccess(
            call.rows(),
            times.closed() - call.arrivedNanos(),
            times.gatherNanos(),
            times.runNanos(),
            times.scatterNanos(),
            times.replied() - call.arrivedNanos());
    end(call, times, null);
  }

  /// The caller has an answer that was not computed for it: no rows were inferred.
  void answeredFromCache(InferCall call, long nowNanos) {
    variant(call.variant()).onCached(nowNanos - call.arrivedNanos());
    end(call, null, null);
  }

  /// Refuses a call before it cost compute.
  void rejected(InferCall call, Refusal refusal) {
    refuse(call, refusal, FailureReason.REJECTED);
  }

  /// The engine failed on this call.
  void failed(InferCall call, Refusal refusal) {
    refuse(call, refusal, FailureReason.BACKEND);
  }

  /// The caller had gone before it could be answered.
  void canceled(InferCall call) {
    if (endedPart(call, null)) {
      return;
    }
    variant(call.variant()).onFailure(FailureReason.CANCELED);
    end(call, null, "CANCELLED");
  }

  private void refuse(InferCall call, Refusal refusal, FailureReason reason) {
    if (call.isClosed()) {
      return; // It had its answer before something else in its batch went wrong.
    }
    boolean told = call.refuse(refusal);
    if (endedPart(call, null)) {
      return;
    }
    variant(call.variant()).onFailure(told ? reason : FailureReason.CANCELED);
    end(call, null, told ? refusal.getClass().getSimpleName() : "CANCELLED");
  }

  /// A part of a larger call is not counted: the whole is, when its last part has ended.
  private static boolean endedPart(InferCall call, @Nullable BatchTimes times) {
    SplitCall whole = call.partOf();
    if (whole == null) {
      return false;
    }
    call.close();
    whole.ended(times);
    return true;
  }

  private void end(InferCall call, @Nullable BatchTimes times, @Nullable String error) {
    RequestTrace trace = call.trace();
    if (trace != null) {
      trace.end(
          call.request().model(),
          call.version(),
          call.variant(),
          call.rows(),
          call.arrivedNanos(),
          times == null ? 0 : times.closed(),
          times == null ? 0 : times.ran(),
          times == null ? nanoClock.getAsLong() : times.replied(),
          error);
    }
    call.close();
    Flight flight = call.flight();
    if (flight != null) {
      flight.ended(call);
    }
  }
}
