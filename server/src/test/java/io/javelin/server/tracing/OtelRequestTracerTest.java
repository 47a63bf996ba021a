package io.javelin.server.tracing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.javelin.server.pipeline.RequestTracer.RequestTrace;
import io.javelin.server.tracing.TracingSettings.Protocol;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class OtelRequestTracerTest {
  private static final String TRACE_ID = "0af7651916cd43dd8448eb211c80319c";
  private static final String SAMPLED = "00-" + TRACE_ID + "-b7ad6b7169203331-01";
  private static final String NOT_SAMPLED = "00-" + TRACE_ID + "-b7ad6b7169203331-00";
  private static final Instant WALL = Instant.ofEpochSecond(1_800_000_000, 500);
  private static final long EPOCH = 1_800_000_000_000_000_500L;

  private final InMemorySpanExporter exported = InMemorySpanExporter.create();
  private final AtomicLong nanos = new AtomicLong(-1_000);
  private final List<OtelRequestTracer> opened = new ArrayList<>();

  /// Not earlier: the exporter forgets its spans when it is shut down.
  @AfterEach
  void close() {
    opened.forEach(OtelRequestTracer::close);
  }

  @Test
  void aRequestIsASpanWithItsStagesBelow() {
    OtelRequestTracer tracer = tracer(1);
    RequestTrace trace = started(tracer, null, null);
    trace.end("m", 3, "b", 4, -1_000, 250, 1_250, 2_000, null);

    SpanData request = span(OtelRequestTracer.SPAN_NAME);
    SpanData queue = span("queue");
    SpanData compute = span("compute");
    assertEquals(SpanKind.SERVER, request.getKind());
    assertEquals(SpanKind.INTERNAL, queue.getKind());
    assertEquals(request.getSpanId(), queue.getParentSpanId());
    assertEquals(request.getSpanId(), compute.getParentSpanId());
    assertTimes(request, 0, 3_000);
    assertTimes(queue, 0, 1_250);
    assertTimes(compute, 1_250, 2_250);
    assertEquals(StatusCode.UNSET, request.getStatus().getStatusCode());
  }

  @Test
  void theSpanSaysWhatWasServed() {
    OtelRequestTracer tracer = tracer(1);
    started(tracer, null, null).end("m", 3, "b", 4, 0, 1, 2, 3, null);

    SpanData request = span(OtelRequestTracer.SPAN_NAME);
    assertEquals("m", request.getAttributes().get(OtelRequestTrace.MODEL));
    assertEquals(3L, request.getAttributes().get(OtelRequestTrace.VERSION));
    assertEquals("b", request.getAttributes().get(OtelRequestTrace.VARIANT));
    assertEquals(4L, request.getAttributes().get(OtelRequestTrace.ROWS));
    assertEquals("grpc", request.getAttributes().get(AttributeKey.stringKey("rpc.system")));
    assertEquals("ModelInfer", request.getAttributes().get(AttributeKey.stringKey("rpc.method")));
    assertEquals(
        "javelin", request.getResource().getAttribute(AttributeKey.stringKey("service.name")));
  }

  @Test
  void aFailureBeforeComputeHasNoStages() {
    OtelRequestTracer tracer = tracer(1);
    started(tracer, null, null).end("m", 3, "b", 4, 0, 0, 0, 9, "DEADLINE_EXCEEDED");

    SpanData request = span(OtelRequestTracer.SPAN_NAME);
    assertEquals(1, exported.getFinishedSpanItems().size());
    assertEquals(StatusCode.ERROR, request.getStatus().getStatusCode());
    assertEquals("DEADLINE_EXCEEDED", request.getAttributes().get(OtelRequestTrace.ERROR_TYPE));
  }

  @Test
  void aComputeThatFailedEndsWithTheRequest() {
    OtelRequestTracer tracer = tracer(1);
    started(tracer, null, null).end("m", 3, "b", 4, -1_000, 250, 0, 2_000, "INTERNAL");

    assertTimes(span("compute"), 1_250, 3_000);
  }

  @Test
  void theCallersTraceIsContinued() {
    OtelRequestTracer tracer = tracer(0);
    RequestTrace trace = started(tracer, SAMPLED, "vendor=1");
    String traceparent = trace.traceparent();
    trace.end("m", 3, "b", 4, 0, 1, 2, 3, null);

    SpanData request = span(OtelRequestTracer.SPAN_NAME);
    assertEquals(TRACE_ID, request.getTraceId());
    assertEquals("b7ad6b7169203331", request.getParentSpanId());
    assertEquals("1", request.getSpanContext().getTraceState().get("vendor"));
    assertEquals("00-" + TRACE_ID + "-" + request.getSpanId() + "-01", traceparent);
  }

  @Test
  void theCallersDecisionAgainstSamplingHolds() {
    OtelRequestTracer tracer = tracer(1);
    assertNull(tracer.start(NOT_SAMPLED, null));
  }

  @Test
  void aRequestThatIsNotSampledHasNoTrace() {
    OtelRequestTracer tracer = tracer(0);
    assertNull(tracer.start(null, null));
  }

  @Test
  void aBrokenHeaderStartsANewTrace() {
    OtelRequestTracer tracer = tracer(1);
    for (String broken : List.of("", "00-zz", "ff-" + TRACE_ID + "-b7ad6b7169203331-01")) {
      assertNotNull(tracer.start(broken, "a=b"), broken);
    }
  }

  @Test
  void noStageBeginsBeforeItsRequest() {
    OtelRequestTracer tracer = tracer(1);
    started(tracer, null, null).end("m", 3, "b", 4, -5_000, 250, 300, 2_000, null);

    assertTimes(span("queue"), 0, 1_250);
  }

  @Test
  void tracingThatIsOffHasNoTrace() {
    assertNull(TracingOff.INSTANCE.start(SAMPLED, null));
  }

  private static RequestTrace started(
      OtelRequestTracer tracer, @Nullable String traceparent, @Nullable String tracestate) {
    RequestTrace trace = tracer.start(traceparent, tracestate);
    assertNotNull(trace);
    return trace;
  }

  private SpanData span(String name) {
    List<SpanData> found =
        exported.getFinishedSpanItems().stream().filter(s -> s.getName().equals(name)).toList();
    assertEquals(1, found.size(), name);
    return found.getFirst();
  }

  private static void assertTimes(SpanData span, long start, long end) {
    assertEquals(EPOCH + start, span.getStartEpochNanos());
    assertEquals(EPOCH + end, span.getEndEpochNanos());
    assertTrue(span.hasEnded());
  }

  private OtelRequestTracer tracer(double ratio) {
    TracingSettings settings =
        new TracingSettings(
            URI.create("http://127.0.0.1:4318/v1/traces"),
            Protocol.HTTP_PROTOBUF,
            ratio,
            "javelin",
            "test",
            Duration.ofSeconds(5));
    OtelRequestTracer tracer =
        new OtelRequestTracer(
            settings, SimpleSpanProcessor.create(exported), nanos::get, () -> WALL);
    opened.add(tracer);
    return tracer;
  }
}
