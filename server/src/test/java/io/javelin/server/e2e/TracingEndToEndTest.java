package io.javelin.server.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.grpc.MethodDescriptor;
import io.grpc.Server;
import io.grpc.ServerServiceDefinition;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.ServerCalls;
import io.javelin.server.e2e.InferClient.Answer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Spans reach a collector over OTLP, under the caller's trace.
class TracingEndToEndTest {
  private static final String TRACE_ID = "4bf92f3577b34da6a3ce929d0e0e4736";
  private static final String CALLER = "00-" + TRACE_ID + "-00f067aa0ba902b7-";

  @TempDir Path directory;
  private final List<byte[]> exported = new CopyOnWriteArrayList<>();
  private Server collector;

  /// Takes any export request and answers with an empty message.
  @BeforeEach
  void startCollector() throws Exception {
    MethodDescriptor<byte[], byte[]> export =
        MethodDescriptor.<byte[], byte[]>newBuilder()
            .setType(MethodDescriptor.MethodType.UNARY)
            .setFullMethodName("opentelemetry.proto.collector.trace.v1.TraceService/Export")
            .setRequestMarshaller(RawMarshaller.INSTANCE)
            .setResponseMarshaller(RawMarshaller.INSTANCE)
            .build();
    collector =
        NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
            .addService(
                ServerServiceDefinition.builder(
                        "opentelemetry.proto.collector.trace.v1.TraceService")
                    .addMethod(
                        export,
                        ServerCalls.asyncUnaryCall((request, responses) -> {
                          exported.add(request);
                          responses.onNext(new byte[0]);
                          responses.onCompleted();
                        }))
                    .build())
            .build()
            .start();
  }

  @AfterEach
  void stopCollector() {
    collector.shutdownNow();
  }

  @Test
  void tracesASampledRequestUnderItsCallersTrace() throws Exception {
    String tracing =
        "tracing: {otlp_endpoint: \"http://127.0.0.1:%d\", sample_ratio: 0}\n"
            .formatted(collector.getPort());
    try (DemoServer server = DemoServer.start(directory, tracing + DemoServer.demoConfig())) {
      Answer sampled =
          server.client().callWith("traceparent", CALLER + "01", Requests.digits().build());
      Answer unsampled =
          server.client().callWith("traceparent", CALLER + "00", Requests.cancer().build());

      String traceparent = String.valueOf(sampled.header("traceparent"));
      assertTrue(traceparent.matches("00-" + TRACE_ID + "-[0-9a-f]{16}-01"), traceparent);
      assertNull(unsampled.header("traceparent"));
    }
    String spans = exportedText();
    for (String part : List.of("ModelInfer", "queue", "compute", "javelin", "digits", "control")) {
      assertTrue(spans.contains(part), part + " was not exported");
    }
    assertEquals(-1, spans.indexOf("cancer"), "an unsampled request was exported");
  }

  private String exportedText() {
    StringBuilder text = new StringBuilder();
    exported.forEach(bytes -> text.append(new String(bytes, StandardCharsets.ISO_8859_1)));
    return text.toString();
  }
}
