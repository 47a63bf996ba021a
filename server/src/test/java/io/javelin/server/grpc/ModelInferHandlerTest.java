package io.javelin.server.grpc;

import static org.junit.jupiter.api.Assertions.assertEquals;

import inference.GRPCInferenceServiceGrpc;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.ServerCall;
import io.grpc.Status;
import io.javelin.loader.lifecycle.VersionStatus;
import io.javelin.router.LiveRouting;
import io.javelin.router.RoutingTable;
import io.javelin.server.metrics.MetricsRegistry;
import io.javelin.server.metrics.PrometheusTelemetry;
import io.javelin.server.pipeline.InferRequest;
import io.javelin.server.pipeline.InferencePipeline;
import io.javelin.server.pipeline.ModelDirectory;
import io.javelin.server.pipeline.Payload;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import org.junit.jupiter.api.Test;

/// The order of a call's events, as a client may choose it.
class ModelInferHandlerTest {
  private final AtomicInteger held = new AtomicInteger();

  /// gRPC reports the end of the client's messages although the call is closed already, and a
  /// second close throws into the transport.
  @Test
  void refusesASecondMessageOnceAndFreesBoth() {
    RecordedCall call = new RecordedCall();
    ServerCall.Listener<InferMessage> listener = handler().startCall(call, new Metadata());

    listener.onMessage(message());
    listener.onMessage(message());
    listener.onHalfClose();

    assertEquals(List.of(Status.Code.INTERNAL), call.closed);
    assertEquals(0, held.get());
  }

  private InferMessage message() {
    held.incrementAndGet();
    return new InferMessage.Decoded(
        new InferRequest("m", "", "", List.of(), List.of(), InferRequest.Parameters.NONE),
        new Payload(1, held::decrementAndGet));
  }

  private static ModelInferHandler handler() {
    InferencePipeline neverReached =
        new InferencePipeline(
            new LiveRouting(RoutingTable.empty(1)),
            () -> {
              throw new AssertionError("routed");
            },
            new NoModels(),
            new PrometheusTelemetry(new MetricsRegistry()),
            route -> {},
            () -> 0);
    return new ModelInferHandler(
        neverReached,
        (parent, state) -> null,
        new CallerKeys("user-id", "user_id", null, null),
        () -> 0,
        new LongAdder());
  }

  private static final class NoModels implements ModelDirectory {
    @Override
    public List<String> models() {
      return List.of();
    }

    @Override
    public List<VersionStatus> versions(String model) {
      return List.of();
    }
  }

  /// As strict as gRPC's own: closing twice is an error.
  private static final class RecordedCall extends ServerCall<InferMessage, InferReply> {
    private final List<Status.Code> closed = new ArrayList<>();

    @Override
    public void request(int numMessages) {}

    @Override
    public void sendHeaders(Metadata headers) {}

    @Override
    public void sendMessage(InferReply message) {}

    @Override
    public void close(Status status, Metadata trailers) {
      if (!closed.isEmpty()) {
        throw new IllegalStateException("call already closed");
      }
      closed.add(status.getCode());
    }

    @Override
    public boolean isCancelled() {
      return false;
    }

    @Override
    public MethodDescriptor<InferMessage, InferReply> getMethodDescriptor() {
      return GRPCInferenceServiceGrpc.getModelInferMethod().toBuilder(
              new InferRequestMarshaller("user_id"), InferReply.MARSHALLER)
          .build();
    }
  }
}
