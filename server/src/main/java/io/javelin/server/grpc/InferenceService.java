package io.javelin.server.grpc;

import inference.GRPCInferenceServiceGrpc.GRPCInferenceServiceImplBase;
import inference.ModelMetadataRequest;
import inference.ModelMetadataResponse;
import inference.ModelMetadataResponse.TensorMetadata;
import inference.ModelReadyRequest;
import inference.ModelReadyResponse;
import inference.ServerLiveRequest;
import inference.ServerLiveResponse;
import inference.ServerMetadataRequest;
import inference.ServerMetadataResponse;
import inference.ServerReadyRequest;
import inference.ServerReadyResponse;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import io.javelin.loader.engine.TensorSpec;
import io.javelin.loader.lifecycle.Lease;
import io.javelin.loader.lifecycle.ServingSet;
import io.javelin.server.pipeline.InferencePipeline;
import io.javelin.server.pipeline.ModelRuntime;
import io.javelin.server.pipeline.Readiness;
import io.javelin.server.pipeline.Refusal;
import io.javelin.server.pipeline.VersionText;
import java.util.List;
import java.util.function.Supplier;

/// The core protocol's RPCs other than ModelInfer. Answers from memory; never blocks.
final class InferenceService extends GRPCInferenceServiceImplBase {
  /// Extensions of the protocol that this server implements.
  private static final List<String> EXTENSIONS = List.of("binary_tensor_data", "parameters");

  private final ServerIdentity identity;
  private final Readiness readiness;
  private final InferencePipeline pipeline;
  private final Supplier<ServingSet<ModelRuntime>> serving;

  /// What the server says of itself.
  record ServerIdentity(String name, String version) {}

  InferenceService(
      ServerIdentity identity,
      Readiness readiness,
      InferencePipeline pipeline,
      Supplier<ServingSet<ModelRuntime>> serving) {
    this.identity = identity;
    this.readiness = readiness;
    this.pipeline = pipeline;
    this.serving = serving;
  }

  @Override
  public void serverLive(ServerLiveRequest request, StreamObserver<ServerLiveResponse> responses) {
    answer(responses, ServerLiveResponse.newBuilder().setLive(true).build());
  }

  @Override
  public void serverReady(
      ServerReadyRequest request, StreamObserver<ServerReadyResponse> responses) {
    answer(responses, ServerReadyResponse.newBuilder().setReady(readiness.serverReady()).build());
  }

  @Override
  public void modelReady(ModelReadyRequest request, StreamObserver<ModelReadyResponse> responses) {
    long version = VersionText.parse(request.getVersion());
    if (version == VersionText.INVALID) {
      refuse(responses, new Refusal.InvalidArgument(VersionText.complaint(request.getVersion())));
      return;
    }
    boolean ready = readiness.modelReady(request.getName(), version);
    answer(responses, ModelReadyResponse.newBuilder().setReady(ready).build());
  }

  @Override
  public void serverMetadata(
      ServerMetadataRequest request, StreamObserver<ServerMetadataResponse> responses) {
    answer(
        responses,
        ServerMetadataResponse.newBuilder()
            .setName(identity.name())
            .setVersion(identity.version())
            .addAllExtensions(EXTENSIONS)
            .build());
  }

  @Override
  public void modelMetadata(
      ModelMetadataRequest request, StreamObserver<ModelMetadataResponse> responses) {
    long version = VersionText.parse(request.getVersion());
    if (version == VersionText.INVALID) {
      refuse(responses, new Refusal.InvalidArgument(VersionText.complaint(request.getVersion())));
      return;
    }
    try (Lease<ModelRuntime> lease = serving.get().lease(request.getName(), version)) {
      if (lease == null) {
        refuse(responses, pipeline.whyNotServed(request.getName(), version));
        return;
      }
      answer(responses, metadata(lease.servable(), version));
    }
  }

  private ModelMetadataResponse metadata(ModelRuntime runtime, long asked) {
    ModelMetadataResponse.Builder metadata =
        ModelMetadataResponse.newBuilder().setName(runtime.model()).setPlatform(runtime.platform());
    if (asked == VersionText.NONE) {
      serving
          .get()
          .readyVersions(runtime.model())
          .forEach(version -> metadata.addVersions(Long.toString(version)));
    } else {
      metadata.addVersions(Long.toString(runtime.version()));
    }
    runtime.signature().inputs().forEach(spec -> metadata.addInputs(tensor(spec)));
    runtime.signature().outputs().forEach(spec -> metadata.addOutputs(tensor(spec)));
    return metadata.build();
  }

  private static TensorMetadata tensor(TensorSpec spec) {
    return TensorMetadata.newBuilder()
        .setName(spec.name())
        .setDatatype(spec.type().name())
        .addAllShape(spec.shape())
        .build();
  }

  private static <T> void answer(StreamObserver<T> responses, T response) {
    responses.onNext(response);
    responses.onCompleted();
  }

  private static void refuse(StreamObserver<?> responses, Refusal refusal) {
    Status status = StatusMapper.toStatus(refusal);
    responses.onError(status.asRuntimeException());
  }
}
