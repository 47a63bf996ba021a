package io.javelin.benchmarks.load;

import com.google.protobuf.ByteString;
import inference.ModelInferRequest;
import inference.ModelInferResponse;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.inprocess.InProcessChannelBuilder;
import io.grpc.inprocess.InProcessServerBuilder;
import io.grpc.protobuf.ProtoUtils;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A server without threads that keeps every request until the test answers it.
final class HeldServer implements AutoCloseable {
  private final Deque<ServerCall<ModelInferRequest, ModelInferResponse>> held = new ArrayDeque<>();
  private final List<ModelInferRequest> requests = new ArrayList<>();
  private final List<@Nullable String> users = new ArrayList<>();
  private final Server server;
  private final ManagedChannel channel;
  private boolean answersAtOnce;

  HeldServer(String name) throws IOException {
    MethodDescriptor<ModelInferRequest, ModelInferResponse> method =
        MethodDescriptor.<ModelInferRequest, ModelInferResponse>newBuilder()
            .setType(MethodDescriptor.MethodType.UNARY)
            .setFullMethodName(InferMethod.MODEL_INFER.getFullMethodName())
            .setRequestMarshaller(ProtoUtils.marshaller(ModelInferRequest.getDefaultInstance()))
            .setResponseMarshaller(ProtoUtils.marshaller(ModelInferResponse.getDefaultInstance()))
            .build();
    server =
        InProcessServerBuilder.forName(name)
            .directExecutor()
            .addService(
                ServerServiceDefinition.builder("inference.GRPCInferenceService")
                    .addMethod(method, this::hold)
                    .build())
            .build()
            .start();
    channel = InProcessChannelBuilder.forName(name).directExecutor().build();
  }

  private ServerCall.Listener<ModelInferRequest> hold(
      ServerCall<ModelInferRequest, ModelInferResponse> call, Metadata headers) {
    users.add(headers.get(InferSender.USER_ID));
    call.request(2);
    return new ServerCall.Listener<>() {
      @Override
      public void onMessage(ModelInferRequest request) {
        requests.add(request);
      }

      @Override
      public void onHalfClose() {
        held.add(call);
        if (answersAtOnce) {
          answerAll("control", "1");
        }
      }
    };
  }

  ManagedChannel channel() {
    return channel;
  }

  List<ModelInferRequest> requests() {
    return requests;
  }

  List<@Nullable String> users() {
    return users;
  }

  int heldCalls() {
    return held.size();
  }

  void answerAtOnce() {
    answersAtOnce = true;
  }

  void answerAll(String variant, String version) {
    while (!held.isEmpty()) {
      answerNext(variant, version);
    }
  }

  void answerNext(String variant, String version) {
    ServerCall<ModelInferRequest, ModelInferResponse> call = held.remove();
    Metadata headers = new Metadata();
    headers.put(InferSender.VARIANT, variant);
    headers.put(InferSender.VERSION, version);
    call.sendHeaders(headers);
    call.sendMessage(
        ModelInferResponse.newBuilder()
            .setModelVersion(version)
            .addRawOutputContents(ByteString.copyFromUtf8("answer"))
            .build());
    call.close(Status.OK, new Metadata());
  }

  void refuseNext(Status status) {
    held.remove().close(status, new Metadata());
  }

  @Override
  public void close() {
    channel.shutdownNow();
    server.shutdownNow();
  }
}
