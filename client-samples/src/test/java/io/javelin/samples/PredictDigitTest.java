package io.javelin.samples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import com.google.protobuf.util.JsonFormat;
import inference.GRPCInferenceServiceGrpc.GRPCInferenceServiceImplBase;
import inference.ModelInferRequest;
import inference.ModelInferResponse;
import inference.ModelInferResponse.InferOutputTensor;
import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.Deadline;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.ServerInterceptors;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.inprocess.InProcessChannelBuilder;
import io.grpc.inprocess.InProcessServerBuilder;
import io.grpc.stub.MetadataUtils;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PredictDigitTest {
  private final FakeModel model = new FakeModel();
  private Server server;
  private ManagedChannel channel;

  @BeforeEach
  void start(TestInfo test) throws IOException {
    Metadata headers = new Metadata();
    headers.put(Metadata.Key.of("javelin-variant", Metadata.ASCII_STRING_MARSHALLER), "canary");
    server =
        InProcessServerBuilder.forName(test.getDisplayName())
            .addService(
                ServerInterceptors.intercept(
                    model,
                    new UserIdInterceptor(),
                    MetadataUtils.newAttachMetadataServerInterceptor(headers)))
            .build()
            .start();
    channel =
        InProcessChannelBuilder.forName(test.getDisplayName())
            .defaultServiceConfig(PredictDigit.SERVICE_CONFIG)
            .enableRetry()
            .build();
  }

  @AfterEach
  void stop() {
    channel.shutdownNow();
    server.shutdownNow();
  }

  @Test
  void readsDigitProbabilityVersionAndVariant() {
    PredictDigit.Prediction answer = new PredictDigit(channel).predict(new float[64], "user-1");
    assertEquals(new PredictDigit.Prediction(7, 0.75f, "2", "canary"), answer);
  }

  @Test
  void sendsLittleEndianPixelsTheUserAndADeadline() {
    float[] pixels = new float[64];
    pixels[1] = 16;
    new PredictDigit(channel).predict(pixels, "user-1");

    ModelInferRequest request = Objects.requireNonNull(model.request);
    ByteBuffer raw =
        request.getRawInputContents(0).asReadOnlyByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
    assertEquals(64 * Float.BYTES, raw.remaining());
    assertEquals(16f, raw.getFloat(Float.BYTES));
    assertEquals("pixels", request.getInputs(0).getName());
    assertEquals("user-1", model.user);
    assertTrue(Objects.requireNonNull(model.deadline).timeRemaining(TimeUnit.MILLISECONDS) <= 500);
  }

  @Test
  void triesAgainWhenTheServerIsUnavailable() {
    model.refuse(2, Status.UNAVAILABLE);
    assertEquals(7, new PredictDigit(channel).predict(new float[64], "user-1").digit());
    assertEquals(3, model.calls);
  }

  @Test
  void doesNotLoadAServerThatIsFull() {
    model.refuse(1, Status.RESOURCE_EXHAUSTED);
    assertThrows(
        StatusRuntimeException.class,
        () -> new PredictDigit(channel).predict(new float[64], "user-1"));
    assertEquals(1, model.calls);
  }

  @Test
  void hasSampleImages() throws IOException {
    assertEquals(10, SampleDigits.load().size());
    assertEquals(64, SampleDigits.load().pixels(0).length);
  }

  @ParameterizedTest
  @CsvSource({"digits.json,64", "cancer.json,30"})
  void requestBodiesForCommandLineToolsAreRequests(String file, int values) throws IOException {
    ModelInferRequest.Builder request = ModelInferRequest.newBuilder();
    JsonFormat.parser().merge(Files.readString(Path.of("ghz", file)), request);
    assertEquals(values, request.getInputs(0).getShape(1));
    assertEquals(values * Float.BYTES, request.getRawInputContents(0).size());
  }

  /// Knows one answer: a seven.
  private static final class FakeModel extends GRPCInferenceServiceImplBase {
    private @Nullable ModelInferRequest request;
    private @Nullable String user;
    private @Nullable Deadline deadline;
    private Status refusal = Status.OK;
    private int refusals;
    private int calls;

    void refuse(int times, Status status) {
      refusals = times;
      refusal = status;
    }

    @Override
    public void modelInfer(
        ModelInferRequest received, StreamObserver<ModelInferResponse> response) {
      calls++;
      if (refusals > 0) {
        refusals--;
        response.onError(refusal.asRuntimeException());
        return;
      }
      request = received;
      user = UserIdInterceptor.USER.get();
      deadline = Context.current().getDeadline();
      response.onNext(answer());
      response.onCompleted();
    }

    private static ModelInferResponse answer() {
      ByteBuffer label = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
      ByteBuffer probabilities =
          ByteBuffer.allocate(10 * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
      label.putLong(0, 7);
      probabilities.putFloat(7 * Float.BYTES, 0.75f);
      return ModelInferResponse.newBuilder()
          .setModelName("digits")
          .setModelVersion("2")
          .addOutputs(InferOutputTensor.newBuilder().setName("probabilities").setDatatype("FP32"))
          .addOutputs(InferOutputTensor.newBuilder().setName("label").setDatatype("INT64"))
          .addRawOutputContents(ByteString.copyFrom(probabilities))
          .addRawOutputContents(ByteString.copyFrom(label))
          .build();
    }
  }

  private static final class UserIdInterceptor implements ServerInterceptor {
    static final Context.Key<String> USER = Context.key("user");

    @Override
    public <A, B> ServerCall.Listener<A> interceptCall(
        ServerCall<A, B> call, Metadata headers, ServerCallHandler<A, B> next) {
      String user = headers.get(Metadata.Key.of("x-user-id", Metadata.ASCII_STRING_MARSHALLER));
      return Contexts.interceptCall(
          Context.current().withValue(USER, user == null ? "" : user), call, headers, next);
    }
  }
}
