package io.javelin.server.grpc;

import io.grpc.Context;
import io.grpc.Deadline;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.Status;
import io.javelin.batching.BatchItem;
import io.javelin.server.pipeline.BatchOutputs;
import io.javelin.server.pipeline.InferCall;
import io.javelin.server.pipeline.InferencePipeline;
import io.javelin.server.pipeline.Refusal;
import io.javelin.server.pipeline.ReplyPort;
import io.javelin.server.pipeline.RequestTracer;
import io.javelin.server.pipeline.RequestTracer.RequestTrace;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Connects one ModelInfer call to the pipeline. Runs on the event loop; answers come from batch
/// workers.
final class ModelInferHandler implements ServerCallHandler<InferMessage, InferReply> {
  private static final Logger LOG = LoggerFactory.getLogger(ModelInferHandler.class);

  private final InferencePipeline pipeline;
  private final RequestTracer tracer;
  private final Metadata.Key<String> userIdKey;
  private final Metadata.@Nullable Key<String> tenantKey;
  private final LongSupplier nanoClock;
  private final LongAdder inFlight;

  /// @param inFlight counts the calls that have begun and not ended
  ModelInferHandler(
      InferencePipeline pipeline,
      RequestTracer tracer,
      CallerKeys callerKeys,
      LongSupplier nanoClock,
      LongAdder inFlight) {
    this.pipeline = pipeline;
    this.tracer = tracer;
    this.userIdKey = Metadata.Key.of(callerKeys.userIdMetadata(), Metadata.ASCII_STRING_MARSHALLER);
    String tenantMetadata = callerKeys.tenantMetadata();
    this.tenantKey =
        tenantMetadata == null
            ? null
            : Metadata.Key.of(tenantMetadata, Metadata.ASCII_STRING_MARSHALLER);
    this.nanoClock = nanoClock;
    this.inFlight = inFlight;
  }

  @Override
  public ServerCall.Listener<InferMessage> startCall(
      ServerCall<InferMessage, InferReply> call, Metadata headers) {
    // One message, and one more so that a client that sends two is noticed.
    call.request(2);
    inFlight.increment();
    return new Exchange(call, headers, Context.current().getDeadline());
  }

  /// One call: its listener and the way back to its caller.
  private final class Exchange extends ServerCall.Listener<InferMessage> implements ReplyPort {
    private final ServerCall<InferMessage, InferReply> call;
    private final Metadata headers;
    private final @Nullable Deadline deadline;
    private @Nullable InferMessage message;
    private boolean refusedEarly;
    private @Nullable InferCall infer;

    Exchange(
        ServerCall<InferMessage, InferReply> call, Metadata headers, @Nullable Deadline deadline) {
      this.call = call;
      this.headers = headers;
      this.deadline = deadline;
    }

    @Override
    public void onMessage(InferMessage received) {
      if (message != null) {
        release(received);
        release(message);
        message = null;
        refusedEarly = true;
        call.close(
            Status.INTERNAL.withDescription("Too many requests on a unary call"), new Metadata());
        return;
      }
      message = received;
    }

    @Override
    public void onHalfClose() {
      if (refusedEarly) {
        return; // A call cannot be closed twice.
      }
      InferMessage received = message;
      message = null;
      switch (received) {
        case null ->
            call.close(
                Status.INTERNAL.withDescription("Half-closed without a request"), new Metadata());
        case InferMessage.Undecodable(Refusal refusal) ->
            call.close(StatusMapper.toStatus(refusal), new Metadata());
        case InferMessage.Decoded decoded -> start(decoded);
      }
    }

    private void start(InferMessage.Decoded decoded) {
      long now = nanoClock.getAsLong();
      long deadlineNanos =
          deadline == null
              ? BatchItem.NO_DEADLINE
              : now + deadline.timeRemaining(TimeUnit.NANOSECONDS);
      String userId = headers.get(userIdKey);
      if (userId == null) {
        userId = decoded.request().parameters().userId();
      }
      InferCall started =
          new InferCall(decoded.request(), decoded.payload(), this, userId, now, deadlineNanos);
      started.tenant(tenant(decoded));
      RequestTrace trace =
          tracer.start(
              headers.get(ResponseHeaders.TRACEPARENT), headers.get(ResponseHeaders.TRACESTATE));
      if (trace != null) {
        started.trace(trace);
      }
      infer = started;
      pipeline.accept(started);
    }

    private @Nullable String tenant(InferMessage.Decoded decoded) {
      Metadata.Key<String> key = tenantKey;
      String tenant = key == null ? null : headers.get(key);
      return tenant != null ? tenant : decoded.request().parameters().tenant();
    }

    @Override
    public void onComplete() {
      inFlight.decrement();
    }

    @Override
    public void onCancel() {
      inFlight.decrement();
      InferCall started = infer;
      if (started != null) {
        started.cancel();
      } else if (message != null) {
        release(message);
        message = null;
      }
    }

    @Override
    public void answer(InferCall answered, BatchOutputs outputs, int firstRow) {
      try {
        call.sendHeaders(ResponseHeaders.of(answered));
        call.sendMessage(new InferReply(answered, outputs, firstRow));
        call.close(Status.OK, new Metadata());
      } catch (RuntimeException e) {
        // One caller's broken stream must not reach its batch mates.
        LOG.warn("cannot answer request '{}'", answered.request().id(), e);
        call.close(
            Status.INTERNAL.withDescription("cannot encode the answer").withCause(e),
            new Metadata());
      }
    }

    @Override
    public void refuse(InferCall refused, Refusal refusal) {
      call.close(StatusMapper.toStatus(refusal), StatusMapper.trailers(refusal));
    }

    private static void release(InferMessage unused) {
      if (unused instanceof InferMessage.Decoded decoded) {
        decoded.payload().release();
      }
    }
  }
}
