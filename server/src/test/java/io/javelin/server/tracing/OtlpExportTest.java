package io.javelin.server.tracing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import io.javelin.server.pipeline.RequestTracer.RequestTrace;
import io.javelin.server.tracing.TracingSettings.Protocol;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class OtlpExportTest {
  private record Received(String path, String contentType, String body) {}

  private final BlockingQueue<Received> received = new LinkedBlockingQueue<>();
  private HttpServer collector;

  @BeforeEach
  void startCollector() throws IOException {
    collector = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    collector.createContext(
        "/",
        exchange -> {
          byte[] body = exchange.getRequestBody().readAllBytes();
          received.add(
              new Received(
                  exchange.getRequestURI().getPath(),
                  exchange.getRequestHeaders().getFirst("content-type"),
                  new String(body, StandardCharsets.ISO_8859_1)));
          exchange.sendResponseHeaders(200, -1);
          exchange.close();
        });
    collector.start();
  }

  @AfterEach
  void stopCollector() {
    collector.stop(0);
  }

  @Test
  void closingSendsTheSpansToTheCollector() throws InterruptedException {
    try (OtelRequestTracer tracer = tracer(collector.getAddress().getPort())) {
      RequestTrace trace = tracer.start(null, null);
      assertNotNull(trace);
      trace.end("iris", 3, "b", 4, 1, 2, 3, 4, null);
    }

    Received request = received.poll(10, TimeUnit.SECONDS);
    assertNotNull(request);
    assertEquals("/v1/traces", request.path());
    assertEquals("application/x-protobuf", request.contentType());
    for (String part :
        new String[] {"javelin-test", OtelRequestTracer.SPAN_NAME, "queue", "compute", "iris"}) {
      assertTrue(request.body().contains(part), part);
    }
  }

  @Test
  void closingDoesNotWaitForACollectorThatIsGone() {
    int port = collector.getAddress().getPort();
    collector.stop(0);
    long before = System.nanoTime();
    try (OtelRequestTracer tracer = tracer(port)) {
      RequestTrace trace = tracer.start(null, null);
      assertNotNull(trace);
      trace.end("iris", 3, "b", 4, 1, 2, 3, 4, null);
    }

    assertTrue(System.nanoTime() - before < TimeUnit.SECONDS.toNanos(20));
  }

  private static OtelRequestTracer tracer(int port) {
    TracingSettings settings =
        new TracingSettings(
            URI.create("http://127.0.0.1:" + port + "/v1/traces"),
            Protocol.HTTP_PROTOBUF,
            1,
            "javelin-test",
            "1",
            Duration.ofSeconds(2));
    return OtelRequestTracer.open(settings, () -> 1, () -> Instant.ofEpochSecond(1_800_000_000));
  }
}
