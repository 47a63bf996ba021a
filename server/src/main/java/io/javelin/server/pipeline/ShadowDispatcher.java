package io.javelin.server.pipeline;

import io.javelin.batching.Admission;
import io.javelin.loader.engine.EngineException;
import io.javelin.loader.lifecycle.Lease;
import io.javelin.loader.lifecycle.ServingSet;
import io.javelin.router.LiveRouting;
import io.javelin.router.RouteDecision;
import io.javelin.router.RoutingTable;
import io.javelin.router.Shadow;
import io.javelin.server.pipeline.Telemetry.ShadowTelemetry;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Sends copies of answered requests to shadow versions and compares the answers.
///
/// A caller never waits for it: copies are made after the caller has its answer, the queue is
/// bounded in number and in retained bytes, a full queue drops the copy and counts it, and copies
/// run in a lane of their own ([ModelRuntime#submitShadow]). A copy shares the received message of
/// the original; nothing is copied until the shadow's own batch.
///
/// Owns the thread `shadow-dispatcher`.
public final class ShadowDispatcher implements AutoCloseable {
  /// Bounds.
  ///
  /// @param maxTasks most copies waiting to be sent
  /// @param maxBytes most received bytes kept alive by copies, waiting or running
  /// @param timeoutNanos time a copy may take
  public record Limits(int maxTasks, long maxBytes, long timeoutNanos) {}

  private record HandleKey(String model, String shadow, long version) {}

  private final LiveRouting routing;
  private final Telemetry telemetry;
  private final LongSupplier nanoClock;
  private final Limits limits;
  private final ArrayBlockingQueue<ShadowCopy> queue;
  private final ConcurrentHashMap<HandleKey, ShadowTelemetry> handles = new ConcurrentHashMap<>();
  private final AtomicLong retainedBytes = new AtomicLong();
  private final AtomicLong anonymous = new AtomicLong();

  private @Nullable Supplier<ServingSet<ModelRuntime>> serving;
  private @Nullable Thread thread;
  private volatile boolean closed;

  public ShadowDispatcher(
      LiveRouting routing, Telemetry telemetry, Limits limits, LongSupplier nanoClock) {
    this.routing = routing;
    this.telemetry = telemetry;
    this.limits = limits;
    this.nanoClock = nanoClock;
    this.queue = new ArrayBlockingQueue<>(limits.maxTasks());
  }

  /// Starts sending. Before that, copies only wait (and are dropped when the queue is full).
  public void start(Supplier<ServingSet<ModelRuntime>> serving) {
    this.serving = serving;
    Thread started = Thread.ofPlatform().name("shadow-dispatcher").unstarted(this::loop);
    thread = started;
    started.start();
  }

  /// Offers a copy of an answered call to each of its shadows. Called on the batch worker, while
  /// the outputs are valid and before the call is closed. Never blocks.
  void mirror(InferCall call, BatchOutputs outputs, int firstRow) {
    for (Shadow shadow : call.route().shadows()) {
      if (!closed && routing.current().mirrors(shadow, samplingKey(call))) {
        offer(call, shadow, outputs, firstRow);
      }
    }
  }

  /// Forgets the counts of shadows that the routing table no longer has. Call it after a table was
  /// swapped.
  public void forgetRemoved() {
    RoutingTable table = routing.current();
    handles
        .entrySet()
        .removeIf(entry -> {
          boolean removed = !isConfigured(entry.getKey(), table);
          if (removed) {
            entry.getValue().close();
          }
          return removed;
        });
  }

  private static boolean isConfigured(HandleKey key, RoutingTable table) {
    return table.find(key.model()).stream()
        .flatMap(route -> route.shadows().stream())
        .anyMatch(
            shadow -> shadow.name().equals(key.shadow()) && shadow.version() == key.version());
  }

  private String samplingKey(InferCall call) {
    if (!call.request().id().isEmpty()) {
      return call.request().id();
    }
    String userId = call.userId();
    return userId != null ? userId : "anonymous-" + anonymous.incrementAndGet();
  }

  private void offer(InferCall call, Shadow shadow, BatchOutputs outputs, int firstRow) {
    ShadowTelemetry counts = handle(call.request().model(), shadow);
    counts.onSampled();
    long bytes = call.payload().bytes();
    if (retainedBytes.addAndGet(bytes) > limits.maxBytes()) {
      retainedBytes.addAndGet(-bytes);
      counts.onDropped();
      return;
    }
    LivePredictions live = LivePredictions.of(call, outputs, firstRow);
    call.payload().retain();
    ShadowCopy copy =
        new ShadowCopy(call.request(), call.payload(), shadow, live, counts, this::forget);
    if (!queue.offer(copy)) {
      copy.drop();
    }
  }

  private void forget(Payload payload) {
    retainedBytes.addAndGet(-payload.bytes());
  }

  private ShadowTelemetry handle(String model, Shadow shadow) {
    return handles.computeIfAbsent(
        new HandleKey(model, shadow.name(), shadow.version()),
        key -> telemetry.shadow(model, shadow.name(), shadow.version()));
  }

  private void loop() {
    try {
      while (!closed) {
        send(queue.take());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    for (ShadowCopy left = queue.poll(); left != null; left = queue.poll()) {
      left.drop();
    }
  }

  private void send(ShadowCopy copy) {
    Supplier<ServingSet<ModelRuntime>> current = serving;
    Shadow shadow = copy.shadow();
    Lease<ModelRuntime> lease =
        current == null ? null : current.get().lease(copy.request().model(), shadow.version());
    if (lease == null) {
      copy.fail();
      return;
    }
    if (!(lease.servable().validate(copy.request())
        instanceof RequestValidator.Result.Valid valid)) {
      lease.close();
      copy.fail();
      return;
    }
    long now = nanoClock.getAsLong();
    InferCall call =
        new InferCall(copy.request(), copy.payload(), copy, null, now, now + limits.timeoutNanos());
    call.bind(
        new InferCall.Binding(
            lease,
            routeOf(copy),
            valid.rows(),
            valid.order(),
            valid.shapes(),
            valid.outputs(),
            valid.batchKey()));
    submit(call, lease.servable(), copy);
  }

  private void submit(InferCall call, ModelRuntime runtime, ShadowCopy copy) {
    try {
      if (runtime.submitShadow(call) instanceof Admission.Refused refused) {
        copy.dropped();
        runtime
            .outcomes()
            .rejected(
                call,
                new Refusal.NotAdmitted(
                    runtime.model(), runtime.version(), refused.reason(), "", 0));
      }
    } catch (EngineException | RuntimeException e) {
      // An engine that breaks its contract must not end the one thread that serves all shadows.
      runtime
          .outcomes()
          .failed(
              call,
              new Refusal.EngineFailed(
                  runtime.model(), runtime.version(), String.valueOf(e.getMessage())));
    }
  }

  private RouteDecision routeOf(ShadowCopy copy) {
    return new RouteDecision(
        copy.request().model(),
        "",
        copy.shadow().name(),
        copy.shadow().version(),
        -1,
        RouteDecision.Reason.NO_EXPERIMENT,
        List.of(),
        routing.current().generation());
  }

  /// Stops sending; what waits is dropped and counted.
  @Override
  public void close() {
    closed = true;
    Thread started = thread;
    if (started != null) {
      started.interrupt();
      try {
        started.join();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
    handles.values().forEach(ShadowTelemetry::close);
  }
}
