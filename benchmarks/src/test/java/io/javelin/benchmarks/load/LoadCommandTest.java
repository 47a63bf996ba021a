package io.javelin.benchmarks.load;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import inference.GRPCInferenceServiceGrpc.GRPCInferenceServiceImplBase;
import inference.ModelInferRequest;
import inference.ModelInferResponse;
import inference.ModelMetadataRequest;
import inference.ModelMetadataResponse;
import io.grpc.Server;
import io.grpc.Status;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import tools.jackson.databind.json.JsonMapper;

class LoadCommandTest {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @Test
  void refusesWrongArguments() {
    assertRefused("--rate", "--model", "m");
    assertRefused("mutually exclusive", "--model", "m", "--rate", "1", "--concurrency", "1");
    assertRefused("--model", "--rate", "1");
    assertRefused("rate must be above 0", "--model", "m", "--rate", "-1");
    assertRefused("500ms, 30s or 2m", "--model", "m", "--rate", "1", "--duration", "1h");
    assertRefused("duration must be positive", "--model", "m", "--rate", "1", "--duration", "0");
    assertRefused("channels must be", "--model", "m", "--rate", "1", "--channels", "0");
    assertRefused("host:port", "--model", "m", "--rate", "1", "--target", "localhost");
    assertRefused("port number", "--model", "m", "--rate", "1", "--target", "localhost:x");
  }

  @Test
  void refusesAnotherMachineUnlessAllowed() {
    assertRefused("--allow-remote", "--model", "m", "--rate", "1", "--target", "192.0.2.1:8001");
    assertEquals(8001, Target.resolve("192.0.2.1:8001", true).getPort());
    assertTrue(Target.resolve("[::1]:8001", false).getAddress().isLoopbackAddress());
    assertTrue(Target.resolve("127.0.0.1:8001", false).getAddress().isLoopbackAddress());
  }

  @Test
  void measuresAServerAndWritesTheResult(@TempDir Path directory) throws Exception {
    Server server = start(new EchoService(Status.OK));
    try {
      Path json = directory.resolve("result.json");
      int code = execute(server, "--json", json.toString());
      assertEquals(0, code, err::toString);
      assertTrue(out.toString().contains("OK"), out::toString);
      var result = JsonMapper.builder().build().readTree(Files.readString(json));
      assertTrue(result.at("/counts/ok").asLong() > 0, result::toString);
      assertEquals(0, result.at("/counts/errorRatio").asDouble());
    } finally {
      server.shutdownNow();
    }
  }

  @Test
  void failsWhenRequestsFail() throws Exception {
    Server server = start(new EchoService(Status.INTERNAL));
    try {
      assertEquals(1, execute(server));
      assertTrue(out.toString().contains("INTERNAL="), out::toString);
      assertEquals(0, execute(server, "--max-error-ratio", "1"));
    } finally {
      server.shutdownNow();
    }
  }

  @Test
  void failsWhenTheServerKnowsNoSuchModel() throws Exception {
    Server server = start(new GRPCInferenceServiceImplBase() {});
    try {
      assertEquals(1, execute(server));
      assertTrue(err.toString().contains("UNIMPLEMENTED"), err::toString);
    } finally {
      server.shutdownNow();
    }
  }

  private static Server start(GRPCInferenceServiceImplBase service) throws IOException {
    return NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
        .addService(service)
        .build()
        .start();
  }

  private int execute(Server server, String... more) {
    String[] fixed = {
      "--target",
      "127.0.0.1:" + server.getPort(),
      "--model",
      "m",
      "--concurrency",
      "2",
      "--duration",
      "200ms",
      "--warmup",
      "0"
    };
    String[] all = Arrays.copyOf(fixed, fixed.length + more.length);
    System.arraycopy(more, 0, all, fixed.length, more.length);
    return commandLine().execute(all);
  }

  private void assertRefused(String why, String... arguments) {
    err.getBuffer().setLength(0);
    assertEquals(2, commandLine().execute(arguments));
    assertTrue(err.toString().contains(why), err::toString);
  }

  private CommandLine commandLine() {
    return new CommandLine(new LoadCommand())
        .setOut(new PrintWriter(out))
        .setErr(new PrintWriter(err));
  }

  private static final class EchoService extends GRPCInferenceServiceImplBase {
    private final Status answer;

    EchoService(Status answer) {
      this.answer = answer;
    }

    @Override
    public void modelMetadata(
        ModelMetadataRequest request, StreamObserver<ModelMetadataResponse> response) {
      response.onNext(
          ModelMetadataResponse.newBuilder()
              .setName(request.getName())
              .addInputs(
                  ModelMetadataResponse.TensorMetadata.newBuilder()
                      .setName("x")
                      .setDatatype("FP32")
                      .addShape(-1)
                      .addShape(4))
              .build());
      response.onCompleted();
    }

    @Override
    public void modelInfer(ModelInferRequest request, StreamObserver<ModelInferResponse> response) {
      if (!answer.isOk()) {
        response.onError(answer.asRuntimeException());
        return;
      }
      response.onNext(ModelInferResponse.newBuilder().setModelName(request.getModelName()).build());
      response.onCompleted();
    }
  }
}
