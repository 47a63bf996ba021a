package io.javelin.server.grpc;

import com.google.protobuf.Timestamp;
import io.grpc.stub.StreamObserver;
import io.javelin.loader.lifecycle.VersionStatus;
import io.javelin.router.LiveRouting;
import io.javelin.router.RouteDecision;
import io.javelin.router.RoutingTable;
import io.javelin.server.activation.ConfigStatus;
import io.javelin.server.pipeline.ModelDirectory;
import io.javelin.v1.AdminServiceGrpc.AdminServiceImplBase;
import io.javelin.v1.BucketRange;
import io.javelin.v1.ExplainRouteRequest;
import io.javelin.v1.ExplainRouteResponse;
import io.javelin.v1.GetConfigStatusRequest;
import io.javelin.v1.GetConfigStatusResponse;
import io.javelin.v1.GetRoutingRequest;
import io.javelin.v1.GetRoutingResponse;
import io.javelin.v1.ListVersionsRequest;
import io.javelin.v1.ListVersionsResponse;
import io.javelin.v1.ModelRoute;
import io.javelin.v1.ModelVersion;
import io.javelin.v1.Refusal;
import io.javelin.v1.Shadow;
import io.javelin.v1.Variant;
import java.time.Instant;
import java.util.List;
import java.util.function.Supplier;

/// The read-only admin API. Answers from memory; [#getConfigStatus] may wait while a configuration
/// is being applied.
public final class AdminService extends AdminServiceImplBase {
  private final String source;
  private final Supplier<ConfigStatus> config;
  private final ModelDirectory directory;
  private final LiveRouting routing;

  /// @param source name of the configuration file
  public AdminService(
      String source, Supplier<ConfigStatus> config, ModelDirectory directory, LiveRouting routing) {
    this.source = source;
    this.config = config;
    this.directory = directory;
    this.routing = routing;
  }

  @Override
  public void getConfigStatus(
      GetConfigStatusRequest request, StreamObserver<GetConfigStatusResponse> responses) {
    ConfigStatus status = config.get();
    GetConfigStatusResponse.Builder response =
        GetConfigStatusResponse.newBuilder()
            .setGeneration(status.generation())
            .setSource(source)
            .setContentSha256(status.sha256())
            .setPendingGeneration(status.pendingGeneration())
            .addAllPendingReasons(status.pendingReasons());
    if (status.appliedAt() != null) {
      response.setAppliedAt(timestamp(status.appliedAt()));
    }
    if (status.refusedAt() != null) {
      response.setLastRefusal(
          Refusal.newBuilder()
              .setAt(timestamp(status.refusedAt()))
              .addAllReasons(status.refusalReasons()));
    }
    answer(responses, response.build());
  }

  @Override
  public void listVersions(
      ListVersionsRequest request, StreamObserver<ListVersionsResponse> responses) {
    ListVersionsResponse.Builder response = ListVersionsResponse.newBuilder();
    for (String model : selected(request.getModel())) {
      directory.versions(model).forEach(status -> response.addVersions(version(status)));
    }
    answer(responses, response.build());
  }

  @Override
  public void getRouting(GetRoutingRequest request, StreamObserver<GetRoutingResponse> responses) {
    RoutingTable table = routing.current();
    GetRoutingResponse.Builder response =
        GetRoutingResponse.newBuilder().setGeneration(table.generation());
    for (String model : selected(request.getModel())) {
      table.find(model).ifPresent(route -> response.addRoutes(route(route)));
    }
    answer(responses, response.build());
  }

  @Override
  public void explainRoute(
      ExplainRouteRequest request, StreamObserver<ExplainRouteResponse> responses) {
    String userId = request.getUserId();
    RouteDecision decision =
        routing.current().route(request.getModel(), userId.isEmpty() ? null : userId);
    answer(
        responses,
        ExplainRouteResponse.newBuilder()
            .setExperiment(decision.experiment())
            .setVariant(decision.variant())
            .setVersion(decision.version())
            .setBucket(decision.bucket())
            .setReason(decision.reason().name())
            .setGeneration(decision.generation())
            .build());
  }

  private List<String> selected(String model) {
    return model.isEmpty() ? directory.models() : List.of(model);
  }

  private static ModelVersion version(VersionStatus status) {
    return ModelVersion.newBuilder()
        .setModel(status.model())
        .setVersion(status.version())
        .setState(ModelVersion.State.valueOf(status.state().name()))
        .setReason(status.reason() == null ? "" : status.reason())
        .setAttempt(status.attempt())
        .build();
  }

  private static ModelRoute route(RoutingTable.CompiledRoute compiled) {
    ModelRoute.Builder route =
        ModelRoute.newBuilder()
            .setModel(compiled.model())
            .setExperiment(compiled.experiment())
            .setSalt(compiled.salt())
            .setDefaultVariant(compiled.defaultVariant());
    for (io.javelin.router.Variant variant : compiled.variants()) {
      Variant.Builder copy =
          Variant.newBuilder().setName(variant.name()).setVersion(variant.version());
      variant
          .ranges()
          .forEach(range ->
              copy.addRanges(BucketRange.newBuilder().setStart(range.start()).setEnd(range.end())));
      route.addVariants(copy);
    }
    for (io.javelin.router.Shadow shadow : compiled.shadows()) {
      route.addShadows(
          Shadow.newBuilder()
              .setVariant(shadow.name())
              .setVersion(shadow.version())
              .setSampleBasisPoints(shadow.sampleBasisPoints()));
    }
    return route.build();
  }

  private static Timestamp timestamp(Instant instant) {
    return Timestamp.newBuilder()
        .setSeconds(instant.getEpochSecond())
        .setNanos(instant.getNano())
        .build();
  }

  private static <T> void answer(StreamObserver<T> responses, T response) {
    responses.onNext(response);
    responses.onCompleted();
  }
}
