package io.javelin.server.tracing;

import io.javelin.server.pipeline.RequestTracer;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporter;
import io.opentelemetry.exporter.otlp.trace.OtlpGrpcSpanExporter;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.SpanProcessor;
import io.opentelemetry.sdk.trace.export.BatchSpanProcessor;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// Traces requests with OpenTelemetry: a server span, below it `queue` and `compute`. The caller's
/// sampling decision holds; without one the configured ratio decides. A request that is not sampled
/// has no trace. Thread-safe.
///
/// Wall time is read once per trace; all other times are that moment plus a difference of monotonic
/// nanoseconds, so spans of one request fit together although the wall clock may step.
public final class OtelRequestTracer implements RequestTracer, AutoCloseable {
  static final String SPAN_NAME = "inference.GRPCInferenceService/ModelInfer";

  private static final Attributes RPC =
      Attributes.of(
          AttributeKey.stringKey("rpc.system"), "grpc",
          AttributeKey.stringKey("rpc.service"), "inference.GRPCInferenceService",
          AttributeKey.stringKey("rpc.method"), "ModelInfer");

  private final SdkTracerProvider provider;
  private final Tracer tracer;
  private final LongSupplier nanoClock;
  private final InstantSource wallClock;
  private final Duration closeTimeout;

  /// Opens the exporter; an endpoint that does not answer costs spans, never requests.
  ///
  /// @param nanoClock the server's monotonic clock, the one behind the times given to `end`
  public static OtelRequestTracer open(
      TracingSettings settings, LongSupplier nanoClock, InstantSource wallClock) {
    SpanProcessor batches =
        BatchSpanProcessor.builder(exporter(settings))
            .setExporterTimeout(settings.exportTimeout())
            .build();
    return new OtelRequestTracer(settings, batches, nanoClock, wallClock);
  }

  /// @param processor owned by the tracer
  OtelRequestTracer(
      TracingSettings settings,
      SpanProcessor processor,
      LongSupplier nanoClock,
      InstantSource wallClock) {
    this.provider =
        SdkTracerProvider.builder()
            .setResource(Resource.getDefault().merge(resource(settings)))
            .setSampler(Sampler.parentBased(Sampler.traceIdRatioBased(settings.sampleRatio())))
            .addSpanProcessor(processor)
            .build();
    this.tracer = provider.get("io.javelin.server");
    this.nanoClock = nanoClock;
    this.wallClock = wallClock;
    this.closeTimeout = settings.exportTimeout();
  }

  private static Resource resource(TracingSettings settings) {
    return Resource.create(
        Attributes.of(
            AttributeKey.stringKey("service.name"), settings.serviceName(),
            AttributeKey.stringKey("service.version"), settings.serviceVersion()));
  }

  private static SpanExporter exporter(TracingSettings settings) {
    String endpoint = settings.endpoint().toString();
    return switch (settings.protocol()) {
      case GRPC ->
          OtlpGrpcSpanExporter.builder()
              .setEndpoint(endpoint)
              .setTimeout(settings.exportTimeout())
              .build();
      case HTTP_PROTOBUF ->
          OtlpHttpSpanExporter.builder()
              .setEndpoint(endpoint)
              .setTimeout(settings.exportTimeout())
              .build();
    };
  }

  @Override
  public @Nullable RequestTrace start(@Nullable String traceparent, @Nullable String tracestate) {
    Instant wall = wallClock.instant();
    SpanTimes times = new SpanTimes(wall, nanoClock.getAsLong());
    Span span =
        tracer
            .spanBuilder(SPAN_NAME)
            .setParent(callersContext(traceparent, tracestate))
            .setSpanKind(SpanKind.SERVER)
            .setStartTimestamp(times.startEpochNanos(), TimeUnit.NANOSECONDS)
            .setAllAttributes(RPC)
            .startSpan();
    return span.isRecording() ? new OtelRequestTrace(tracer, span, times) : null;
  }

  private static Context callersContext(@Nullable String traceparent, @Nullable String tracestate) {
    return traceparent == null
        ? Context.root()
        : W3CTraceContextPropagator.getInstance()
            .extract(Context.root(), new W3cHeaders(traceparent, tracestate), W3cHeaders::value);
  }

  /// Exports what is left and stops, within the export timeout.
  @Override
  public void close() {
    provider.shutdown().join(closeTimeout.toMillis(), TimeUnit.MILLISECONDS);
  }
}
