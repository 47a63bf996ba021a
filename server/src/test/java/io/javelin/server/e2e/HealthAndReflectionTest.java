package io.javelin.server.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import inference.GRPCInferenceServiceGrpc;
import inference.ModelMetadataRequest;
import inference.ModelMetadataResponse;
import inference.ModelReadyRequest;
import inference.ServerLiveRequest;
import inference.ServerMetadataRequest;
import inference.ServerReadyRequest;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.reflection.v1.ServerReflectionGrpc;
import io.grpc.reflection.v1.ServerReflectionRequest;
import io.grpc.reflection.v1.ServerReflectionResponse;
import io.grpc.reflection.v1.ServiceResponse;
import io.grpc.stub.ClientCalls;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What probes, balancers and command-line tools ask.
class HealthAndReflectionTest {
  @TempDir static Path directory;
  private static DemoServer server;

  @BeforeAll
  static void start() throws Exception {
    server = DemoServer.start(directory, DemoServer.demoConfig());
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static HealthGrpc.HealthBlockingStub health() {
    return HealthGrpc.newBlockingStub(server.channel()).withDeadlineAfter(20, TimeUnit.SECONDS);
  }

  private static HealthCheckRequest asking(String service) {
    return HealthCheckRequest.newBuilder().setService(service).build();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "liveness", "readiness", "inference.GRPCInferenceService", "cancer", "digits"})
  void isServing(String service) {
    assertEquals(ServingStatus.SERVING, health().check(asking(service)).getStatus());
  }

  @Test
  void doesNotKnowTheHealthOfWhatDoesNotExist() {
    StatusRuntimeException refused =
        assertThrows(StatusRuntimeException.class, () -> health().check(asking("nope")));
    assertEquals(Status.Code.NOT_FOUND, refused.getStatus().getCode());
  }

  @Test
  void watchTellsWhenAModelGoesAndComes() throws Exception {
    String demo = DemoServer.demoConfig();
    Iterator<HealthCheckResponse> states = health().watch(asking("cancer"));
    assertEquals(ServingStatus.SERVING, states.next().getStatus());

    server.reload(
        demo.substring(0, demo.indexOf("  # Canary"))
            + demo.substring(demo.indexOf("  # A/B experiment")));
    assertEquals(ServingStatus.SERVICE_UNKNOWN, states.next().getStatus());

    server.reload(demo);
    ServingStatus next = states.next().getStatus();
    while (next == ServingStatus.NOT_SERVING) {
      next = states.next().getStatus();
    }
    assertEquals(ServingStatus.SERVING, next);
  }

  @Test
  void answersTheProtocolsHealthAndMetadata() {
    var stub = server.inference();
    assertTrue(stub.serverLive(ServerLiveRequest.getDefaultInstance()).getLive());
    assertTrue(stub.serverReady(ServerReadyRequest.getDefaultInstance()).getReady());
    assertTrue(ready("digits", "") && ready("digits", "2"));
    assertEquals(false, ready("digits", "9") || ready("nope", ""));
    assertEquals(
        "triton", stub.serverMetadata(ServerMetadataRequest.getDefaultInstance()).getName());

    ModelMetadataResponse metadata =
        stub.modelMetadata(ModelMetadataRequest.newBuilder().setName("digits").build());

    assertEquals(List.of("1", "2"), metadata.getVersionsList());
    assertEquals("onnxruntime_onnx", metadata.getPlatform());
    assertEquals("pixels", metadata.getInputs(0).getName());
    assertEquals("FP32", metadata.getInputs(0).getDatatype());
    assertEquals(List.of(-1L, 64L), metadata.getInputs(0).getShapeList());
    assertEquals(2, metadata.getOutputsCount());
  }

  private static boolean ready(String model, String version) {
    return server
        .inference()
        .modelReady(ModelReadyRequest.newBuilder().setName(model).setVersion(version).build())
        .getReady();
  }

  /// Released tools know the older name of the service only; the messages are the same.
  @ParameterizedTest
  @ValueSource(strings = {"grpc.reflection.v1", "grpc.reflection.v1alpha"})
  void listsItsServices(String reflection) {
    List<String> services =
        reflect(reflection, ServerReflectionRequest.newBuilder().setListServices("").build())
            .getListServicesResponse()
            .getServiceList()
            .stream()
            .map(ServiceResponse::getName)
            .sorted()
            .toList();

    assertEquals(
        List.of(
            "grpc.health.v1.Health",
            "grpc.reflection.v1.ServerReflection",
            "grpc.reflection.v1alpha.ServerReflection",
            "inference.GRPCInferenceService"),
        services);
  }

  @ParameterizedTest
  @CsvSource({
    "grpc.reflection.v1,inference.GRPCInferenceService",
    "grpc.reflection.v1,inference.GRPCInferenceService.ModelInfer",
    "grpc.reflection.v1,inference.ModelInferRequest",
    "grpc.reflection.v1,inference.ModelInferRequest.InferInputTensor",
    "grpc.reflection.v1alpha,inference.GRPCInferenceService",
    "grpc.reflection.v1alpha,inference.GRPCInferenceService.ModelInfer",
    "grpc.reflection.v1alpha,inference.ModelInferRequest",
  })
  void findsTheFileOfASymbol(String reflection, String symbol) throws Exception {
    ServerReflectionResponse response =
        reflect(
            reflection,
            ServerReflectionRequest.newBuilder().setFileContainingSymbol(symbol).build());

    List<ByteString> files = response.getFileDescriptorResponse().getFileDescriptorProtoList();
    FileDescriptorProto file = FileDescriptorProto.parseFrom(files.getFirst());
    assertEquals("inference", file.getPackage());
    assertEquals(
        GRPCInferenceServiceGrpc.getServiceDescriptor().getMethods().size(),
        file.getService(0).getMethodCount());
  }

  private static ServerReflectionResponse reflect(
      String reflection, ServerReflectionRequest request) {
    return reflect(server.channel(), reflection, request);
  }

  private static ServerReflectionResponse reflect(
      Channel channel, String reflection, ServerReflectionRequest request) {
    MethodDescriptor<ServerReflectionRequest, ServerReflectionResponse> method =
        ServerReflectionGrpc.getServerReflectionInfoMethod().toBuilder()
            .setType(MethodDescriptor.MethodType.SERVER_STREAMING)
            .setFullMethodName(reflection + ".ServerReflection/ServerReflectionInfo")
            .build();
    return ClientCalls.blockingServerStreamingCall(channel, method, CallOptions.DEFAULT, request)
        .next();
  }
}
