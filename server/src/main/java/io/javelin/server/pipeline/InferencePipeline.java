package io.javelin.server.pipeline;

import io.javelin.batching.Admission;
import io.javelin.loader.lifecycle.Lease;
import io.javelin.loader.lifecycle.ServingSet;
import io.javelin.loader.lifecycle.VersionStatus;
import io.javelin.router.LiveRouting;
import io.javelin.router.RouteDecision;
import io.javelin.router.Variant;
import io.javelin.server.pipeline.RequestTracer.RequestTrace;
import io.javelin.server.pipeline.Telemetry.FailureReason;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// The main path of a request: route, borrow the version, validate, enqueue. Thread-safe; never
/// blocks.
public final class InferencePipeline {
  /// The `variant` of a request that names its version itself: it takes part in no experiment.
  public static final String DIRECT_VARIANT = "direct";

  private final LiveRouting routing;
  private final Supplier<ServingSet<ModelRuntime>> serving;
  private final ModelDirectory directory;
  private final Telemetry telemetry;
  private final Consumer<RouteDecision> routeListener;
  private final LongSupplier nanoClock;

  /// @param serving the versions that can answer at the moment of the call
  /// @param routeListener told of every decision that a ready version can follow; must not block
  public InferencePipeline(
      LiveRouting routing,
      Supplier<ServingSet<ModelRuntime>> serving,
      ModelDirectory directory,
      Telemetry telemetry,
      Consumer<RouteDecision> routeListener,
      LongSupplier nanoClock) {
    this.routing = routing;
    this.serving = serving;
    this.directory = directory;
    this.telemetry = telemetry;
    this.routeListener = routeListener;
    this.nanoClock = nanoClock;
  }

  /// Takes ownership of `call` and sees to it that its [ReplyPort] is called exactly once, now or
  /// later, unless the caller cancels.
  public void accept(InferCall call) {
    InferRequest request = call.request();
    long asked = VersionText.parse(request.version());
    if (asked == VersionText.INVALID) {
      refuseEarly(call, new Refusal.InvalidArgument(VersionText.complaint(request.version())));
      return;
    }
    RouteDecision route = route(request.model(), asked, call.userId());
    Lease<ModelRuntime> lease = serving.get().lease(request.model(), route.version());
    if (lease == null) {
      refuseEarly(call, whyNotServed(request.model(), route.version()));
      return;
    }
    // Not before: callers choose the names, and what is told of here is remembered by model.
    routeListener.accept(route);
    switch (lease.servable().validate(request)) {
      case RequestValidator.Result.Invalid invalid -> {
        lease.close();
        refuseEarly(call, invalid.refusal());
      }
      case RequestValidator.Result.Valid valid -> enqueue(call, lease, route, valid);
    }
  }

  private RouteDecision route(String model, long asked, @Nullable String userId) {
    return asked == VersionText.NONE
        ? routing.current().route(model, userId)
        : new RouteDecision(
            model,
            "",
            DIRECT_VARIANT,
            asked,
            -1,
            RouteDecision.Reason.NO_EXPERIMENT,
            List.of(),
            routing.current().generation());
  }

  private void enqueue(
      InferCall call,
      Lease<ModelRuntime> lease,
      RouteDecision route,
      RequestValidator.Result.Valid valid) {
    ModelRuntime runtime = lease.servable();
    call.bind(
        new InferCall.Binding(
            lease,
            route,
            valid.rows(),
            valid.order(),
            valid.shapes(),
            valid.outputs(),
            valid.batchKey()));
    long timeoutNanos = queueTimeoutNanos(call.request(), runtime.settings());
    if (timeoutNanos > 0) {
      call.limitQueueTime(timeoutNanos);
    }
    if (runtime.submit(call) instanceof Admission.Refused refused) {
      runtime.outcomes().rejected(call, notAdmitted(call, runtime, refused.reason()));
    }
  }

  private static long queueTimeoutNanos(InferRequest request, RuntimeSettings settings) {
    // Saturates: a time-out without end must not wrap around to none or to a moment.
    long asked = TimeUnit.MICROSECONDS.toNanos(request.parameters().timeoutMicros());
    long configured = settings.queueTimeoutNanos();
    return asked > 0 && (configured == 0 || asked < configured) ? asked : configured;
  }

  /// Explains what the batcher said.
  static Refusal notAdmitted(InferCall call, ModelRuntime runtime, Admission.Reason reason) {
    if (reason == Admission.Reason.DEADLINE_PASSED && call.hasQueueTimeout()) {
      return call.expiry();
    }
    String detail =
        switch (reason) {
          case QUEUE_FULL ->
              "%d of %d rows are waiting"
                  .formatted(runtime.queuedRows(), runtime.settings().batching().maxQueueRows());
          case TOO_MANY_ROWS -> String.valueOf(runtime.settings().batching().maxBatchRows());
          case DEADLINE_PASSED, CLOSED -> "";
        };
    return new Refusal.NotAdmitted(runtime.model(), runtime.version(), reason, detail);
  }

  private void refuseEarly(InferCall call, Refusal refusal) {
    telemetry.onRefusedEarly(FailureReason.REJECTED);
    call.refuse(refusal);
    RequestTrace trace = call.trace();
    if (trace != null) {
      long now = nanoClock.getAsLong();
      String error = refusal.getClass().getSimpleName();
      trace.end(call.request().model(), 0, "", 0, call.arrivedNanos(), 0, 0, now, error);
    }
    call.close();
  }

  /// Explains why [ServingSet#lease] gave nothing.
  public Refusal whyNotServed(String model, long version) {
    if (!directory.models().contains(model)) {
      return new Refusal.UnknownModel(model, directory.models());
    }
    List<VersionStatus> known = directory.versions(model);
    if (version == Variant.LATEST) {
      return new Refusal.NoReadyVersion(model, known.isEmpty() ? "" : "; " + describe(known));
    }
    Optional<VersionStatus> status =
        known.stream().filter(candidate -> candidate.version() == version).findFirst();
    if (status.isEmpty()) {
      return new Refusal.UnknownVersion(
          model, version, List.copyOf(serving.get().readyVersions(model)));
    }
    return new Refusal.VersionNotReady(model, version, "; " + describe(List.of(status.get())));
  }

  private static String describe(List<VersionStatus> statuses) {
    return String.join(
        ", ",
        statuses.stream()
            .map(status ->
                "version %d is %s%s"
                    .formatted(
                        status.version(),
                        status.state(),
                        status.reason() == null ? "" : " (" + status.reason() + ")"))
            .toList());
  }
}
