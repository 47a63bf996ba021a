package io.javelin.server.e2e;

import static io.javelin.server.e2e.Eventually.eventually;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import inference.ModelInferRequest;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import io.javelin.v1.ModelVersion;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A version that cannot be loaded is told of and costs nobody an answer.
class BrokenVersionTest {
  private static final ModelInferRequest DIGITS = Requests.digits().build();

  @TempDir static Path directory;

  @Test
  void aBrokenVersionHarmsNobodyAndHeals() throws Exception {
    try (DemoServer server = DemoServer.start(directory, DemoServer.demoConfig())) {
      AtomicBoolean done = new AtomicBoolean();
      CompletableFuture<Set<String>> traffic =
          CompletableFuture.supplyAsync(() -> traffic(server, done), Thread::startVirtualThread);
      try {
        publishTruncated(server);

        ModelVersion broken =
            eventually(
                () -> server.version("digits", 3),
                seen -> seen.getState() == ModelVersion.State.FAILED && seen.getAttempt() == 2);
        assertTrue(broken.getReason().contains("ORT_INVALID_PROTOBUF"), broken::toString);
        assertTrue(broken.getReason().contains("Protobuf parsing failed"), broken::toString);
        assertEquals(ModelVersion.State.READY, server.version("digits", 1).getState());
        assertEquals(ModelVersion.State.READY, server.version("digits", 2).getState());
        assertEquals(
            1, Scrape.of(server).sum("javelin_model_state", "version", "3", "state", "failed"));

        replaceByGoodFile(server);

        eventually(() -> server.version("digits", 3).getState(), ModelVersion.State.READY::equals);
        assertEquals("3", server.client().call(direct()).response().getModelVersion());
      } finally {
        done.set(true);
      }
      assertEquals(Set.of("1", "2"), traffic.get());
    }
  }

  private static ModelInferRequest direct() {
    return Requests.digits().setModelVersion("3").build();
  }

  /// Calls as different users until `done`; any error ends it. Returns the versions that answered.
  private static Set<String> traffic(DemoServer server, AtomicBoolean done) {
    Set<String> versions = new TreeSet<>();
    for (int i = 0; !done.get(); i++) {
      versions.add(String.valueOf(server.client().callAs("user-" + i % 100, DIGITS).version()));
      assertEquals(
          ServingStatus.SERVING,
          HealthGrpc.newBlockingStub(server.channel())
              .check(HealthCheckRequest.getDefaultInstance())
              .getStatus());
    }
    return versions;
  }

  private static void publishTruncated(DemoServer server) throws Exception {
    Path model = server.registry().resolve("digits");
    byte[] whole = Files.readAllBytes(model.resolve("2/model.onnx"));
    Path prepared = Files.createDirectory(model.resolve(".3.part"));
    Files.write(prepared.resolve("model.onnx"), Arrays.copyOf(whole, whole.length / 2));
    Files.move(prepared, model.resolve("3"));
  }

  private static void replaceByGoodFile(DemoServer server) throws Exception {
    Path version = server.registry().resolve("digits/3");
    Files.copy(DemoServer.DEMO.resolve("registry/digits/2/model.onnx"), version.resolve("new"));
    Files.move(
        version.resolve("new"), version.resolve("model.onnx"), StandardCopyOption.REPLACE_EXISTING);
  }
}
