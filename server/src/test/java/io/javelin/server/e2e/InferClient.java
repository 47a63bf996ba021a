package io.javelin.server.e2e;

import inference.GRPCInferenceServiceGrpc;
import inference.GRPCInferenceServiceGrpc.GRPCInferenceServiceBlockingStub;
import inference.ModelInferRequest;
import inference.ModelInferResponse;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.stub.MetadataUtils;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// Calls ModelInfer with and without metadata, and keeps what the answer's headers say.
final class InferClient {
  private final GRPCInferenceServiceBlockingStub stub;

  InferClient(ManagedChannel channel) {
    stub = GRPCInferenceServiceGrpc.newBlockingStub(channel);
  }

  /// An answer with its headers.
  record Answer(ModelInferResponse response, Metadata headers) {
    @Nullable String variant() {
      return header("javelin-variant");
    }

    @Nullable String version() {
      return header("javelin-model-version");
    }

    @Nullable String header(String name) {
      return headers.get(Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER));
    }
  }

  Answer call(ModelInferRequest request) {
    return call(request, new Metadata());
  }

  /// Sends the user id as metadata.
  Answer callAs(String userId, ModelInferRequest request) {
    return callWith("x-user-id", userId, request);
  }

  Answer callWith(String key, String value, ModelInferRequest request) {
    Metadata metadata = new Metadata();
    metadata.put(Metadata.Key.of(key, Metadata.ASCII_STRING_MARSHALLER), value);
    return call(request, metadata);
  }

  private Answer call(ModelInferRequest request, Metadata metadata) {
    AtomicReference<Metadata> headers = new AtomicReference<>();
    ModelInferResponse response =
        stub.withDeadlineAfter(20, TimeUnit.SECONDS)
            .withInterceptors(
                MetadataUtils.newAttachHeadersInterceptor(metadata),
                MetadataUtils.newCaptureMetadataInterceptor(headers, new AtomicReference<>()))
            .modelInfer(request);
    return new Answer(response, headers.get());
  }
}
