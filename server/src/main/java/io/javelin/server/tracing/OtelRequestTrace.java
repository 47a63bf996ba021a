package io.javelin.server.tracing;

import io.javelin.server.pipeline.RequestTracer.RequestTrace;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// The recorded span of one request.
final class OtelRequestTrace implements RequestTrace {
  static final AttributeKey<String> MODEL = AttributeKey.stringKey("serving.model");
  static final AttributeKey<Long> VERSION = AttributeKey.longKey("serving.version");
  static final AttributeKey<String> VARIANT = AttributeKey.stringKey("serving.variant");
  static final AttributeKey<Long> ROWS = AttributeKey.longKey("serving.rows");
  static final AttributeKey<String> ERROR_TYPE = AttributeKey.stringKey("error.type");

  private final Tracer tracer;
  private final Span span;
  private final SpanTimes times;

  OtelRequestTrace(Tracer tracer, Span span, SpanTimes times) {
    this.tracer = tracer;
    this.span = span;
    this.times = times;
  }

  @Override
  public String traceparent() {
    SpanContext context = span.getSpanContext();
    return "00-"
        + context.getTraceId()
        + "-"
        + context.getSpanId()
        + "-"
        + context.getTraceFlags().asHex();
  }

  @Override
  public void end(
      String model,
      long version,
      String variant,
      int rows,
      long arrivedNanos,
      long computeStartNanos,
      long computeEndNanos,
      long endNanos,
      @Nullable String error) {
    span.setAttribute(MODEL, model);
    span.setAttribute(VERSION, version);
    span.setAttribute(VARIANT, variant);
    span.setAttribute(ROWS, (long) rows);
    if (error != null) {
      span.setAttribute(ERROR_TYPE, error);
      span.setStatus(StatusCode.ERROR, error);
    }
    if (computeStartNanos != 0) {
      stage("queue", arrivedNanos, computeStartNanos);
      stage("compute", computeStartNanos, computeEndNanos != 0 ? computeEndNanos : endNanos);
    }
    span.end(times.epochNanos(endNanos), TimeUnit.NANOSECONDS);
  }

  private void stage(String name, long fromNanos, long toNanos) {
    tracer
        .spanBuilder(name)
        .setParent(Context.root().with(span))
        .setStartTimestamp(times.epochNanos(fromNanos), TimeUnit.NANOSECONDS)
        .startSpan()
        .end(times.epochNanos(toNanos), TimeUnit.NANOSECONDS);
  }
}
