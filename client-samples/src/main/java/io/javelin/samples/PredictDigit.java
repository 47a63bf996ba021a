package io.javelin.samples;

import com.google.protobuf.ByteString;
import inference.GRPCInferenceServiceGrpc;
import inference.GRPCInferenceServiceGrpc.GRPCInferenceServiceBlockingStub;
import inference.ModelInferRequest;
import inference.ModelInferRequest.InferInputTensor;
import inference.ModelInferResponse;
import io.grpc.Channel;
import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.MetadataUtils;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

/// Asks the model `digits` which digit an image of 8 by 8 pixels shows.
///
/// Usage: `PredictDigit host:port user-id [row]`, where `row` chooses one of the sample images.
public final class PredictDigit {
  private static final Metadata.Key<String> USER_ID =
      Metadata.Key.of("x-user-id", Metadata.ASCII_STRING_MARSHALLER);
  private static final Metadata.Key<String> VARIANT =
      Metadata.Key.of("javelin-variant", Metadata.ASCII_STRING_MARSHALLER);

  private static final long DEADLINE_MILLIS = 500;

  /// A prediction changes nothing on the server, so it may be tried again; the deadline covers all
  /// tries together. Only UNAVAILABLE: a server that sheds load must not get more of it.
  static final Map<String, Object> SERVICE_CONFIG =
      Map.of(
          "methodConfig",
          List.of(
              Map.of(
                  "name",
                  List.of(Map.of("service", "inference.GRPCInferenceService")),
                  "retryPolicy",
                  Map.of(
                      "maxAttempts",
                      3.0,
                      "initialBackoff",
                      "0.02s",
                      "maxBackoff",
                      "0.2s",
                      "backoffMultiplier",
                      2.0,
                      "retryableStatusCodes",
                      List.of("UNAVAILABLE")))));

  private final GRPCInferenceServiceBlockingStub stub;

  /// Keep one channel for the whole process: it is thread-safe and holds the connection.
  PredictDigit(Channel channel) {
    stub = GRPCInferenceServiceGrpc.newBlockingStub(channel);
  }

  /// What the server answered, and which model did.
  ///
  /// @param variant of the experiment that the user takes part in
  record Prediction(long digit, float probability, String modelVersion, String variant) {}

  /// Predicts one image.
  ///
  /// @param userId decides the variant of the model; the same user always gets the same one
  /// @throws StatusRuntimeException with DEADLINE_EXCEEDED, UNAVAILABLE after all tries, ...
  Prediction predict(float[] pixels, String userId) {
    ModelInferRequest request =
        ModelInferRequest.newBuilder()
            .setModelName("digits")
            .addInputs(
                InferInputTensor.newBuilder()
                    .setName("pixels")
                    .setDatatype("FP32")
                    .addShape(1)
                    .addShape(pixels.length))
            .addRawInputContents(littleEndian(pixels))
            .build();

    Metadata headers = new Metadata();
    headers.put(USER_ID, userId);
    AtomicReference<Metadata> responseHeaders = new AtomicReference<>(new Metadata());
    AtomicReference<Metadata> trailers = new AtomicReference<>();
    ModelInferResponse response =
        stub.withInterceptors(
                MetadataUtils.newAttachHeadersInterceptor(headers),
                MetadataUtils.newCaptureMetadataInterceptor(responseHeaders, trailers))
            .withDeadlineAfter(DEADLINE_MILLIS, TimeUnit.MILLISECONDS)
            .modelInfer(request);

    long digit = output(response, "label").getLong(0);
    float probability =
        output(response, "probabilities").getFloat(Math.toIntExact(digit) * Float.BYTES);
    String variant = responseHeaders.get().get(VARIANT);
    return new Prediction(
        digit, probability, response.getModelVersion(), variant == null ? "" : variant);
  }

  private static ByteString littleEndian(float[] values) {
    ByteBuffer bytes =
        ByteBuffer.allocate(values.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(values);
    return ByteString.copyFrom(bytes);
  }

  private static ByteBuffer output(ModelInferResponse response, String name) {
    for (int i = 0; i < response.getOutputsCount(); i++) {
      if (response.getOutputs(i).getName().equals(name)) {
        return response
            .getRawOutputContents(i)
            .asReadOnlyByteBuffer()
            .order(ByteOrder.LITTLE_ENDIAN);
      }
    }
    throw new IllegalStateException("the server sent no output '" + name + "'");
  }

  /// Predicts one sample image and prints the answer.
  public static void main(String[] args) throws IOException, InterruptedException {
    if (args.length < 2 || args.length > 3) {
      System.err.println("usage: PredictDigit host:port user-id [row]");
      System.exit(2);
    }
    int row = args.length == 3 ? Integer.parseInt(args[2]) : 0;
    SampleDigits samples = SampleDigits.load();
    ManagedChannel channel =
        Grpc.newChannelBuilder(args[0], InsecureChannelCredentials.create())
            .defaultServiceConfig(SERVICE_CONFIG)
            .enableRetry()
            .build();
    try {
      Prediction answer = new PredictDigit(channel).predict(samples.pixels(row), args[1]);
      System.out.printf(
          "digit %d (%.1f %% sure, really %d) by version %s, variant %s%n",
          answer.digit(),
          answer.probability() * 100,
          samples.digit(row),
          answer.modelVersion(),
          answer.variant());
    } catch (StatusRuntimeException e) {
      System.err.println(e.getStatus());
      System.exit(1);
    } finally {
      channel.shutdownNow().awaitTermination(1, TimeUnit.SECONDS);
    }
  }
}
