package io.javelin.server.grpc;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.UnknownFieldSet;
import inference.InferParameter;
import inference.InferTensorContents;
import inference.ModelInferRequest;
import inference.ModelInferRequest.InferInputTensor;
import inference.ModelInferRequest.InferRequestedOutputTensor;
import io.javelin.server.pipeline.InferRequest;
import io.javelin.server.pipeline.Refusal;
import io.javelin.server.pipeline.TensorBytes;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The hand-written decoder against the generated classes, which are the oracle.
class InferRequestDecoderTest {
  private static final long SEED = 20_261_120;

  /// One for all messages, as in the server.
  private static final RecentNames NAMES = new RecentNames();

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 7, 1_000_000})
  void readsWhatTheGeneratedClassesWrote(int partBytes) throws Exception {
    SplittableRandom random = new SplittableRandom(SEED);
    for (int i = 0; i < 500; i++) {
      ModelInferRequest expected = randomRequest(random);
      assertSame(expected, decode(expected.toByteArray(), partBytes), "case " + i);
    }
  }

  /// Whatever the bytes are: never an unchecked exception, and no request where the oracle sees a
  /// broken message.
  @Test
  void survivesMutatedMessages() {
    SplittableRandom random = new SplittableRandom(SEED);
    for (int i = 0; i < 20_000; i++) {
      byte[] bytes = randomRequest(random).toByteArray();
      for (int m = random.nextInt(4); m >= 0 && bytes.length > 0; m--) {
        bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
      }
      byte[] cut = Arrays.copyOf(bytes, random.nextInt(bytes.length + 1));
      assertNoRequestFromBrokenBytes(cut, "seed " + SEED + ", case " + i);
    }
  }

  @Test
  void acceptsFieldsInAnyOrderAndUnpackedShapes() throws Exception {
    byte[] raw = {7 << 3 | 2, 4, 1, 2, 3, 4};
    byte[] input = {5 << 3 | 2, 9, 1 << 3 | 2, 1, 'x', 3 << 3, 1, 3 << 3, 4, 2 << 3 | 2, 0};
    byte[] model = {1 << 3 | 2, 1, 'm'};
    ByteBuffer all = ByteBuffer.allocate(raw.length + input.length + model.length);
    all.put(raw).put(input).put(model);

    InferRequest request = decode(all.array(), 100);

    assertEquals("m", request.model());
    assertArrayEquals(new long[] {1, 4}, request.inputs().getFirst().shape());
    assertArrayEquals(new byte[] {1, 2, 3, 4}, bytes(request.inputs().getFirst().data()));
  }

  @Test
  void refusesRawAndTypedContentsTogether() {
    ModelInferRequest request =
        ModelInferRequest.newBuilder()
            .setModelName("m")
            .addInputs(
                InferInputTensor.newBuilder()
                    .setName("x")
                    .setContents(InferTensorContents.getDefaultInstance()))
            .addRawInputContents(ByteString.EMPTY)
            .build();

    assertRefused(
        request,
        "contents field must not be specified when using raw_input_contents for 'x' for model 'm'");
  }

  @Test
  void refusesMoreTensorsThanAnyModelHas() {
    ModelInferRequest.Builder many = ModelInferRequest.newBuilder().setModelName("m");
    for (int i = 0; i < 1_025; i++) {
      many.addInputs(InferInputTensor.getDefaultInstance());
    }

    assertRefused(many.build(), "request for model 'm' has more than 1024 tensors");
  }

  @Test
  void refusesMoreRawEntriesThanInputs() {
    assertRefused(
        ModelInferRequest.newBuilder().addRawInputContents(ByteString.EMPTY).build(),
        "got 1 raw_input_contents entries for 0 inputs");
  }

  @Test
  void refusesTypedContentsOfAnotherType() {
    ModelInferRequest request =
        ModelInferRequest.newBuilder()
            .setModelName("m")
            .addInputs(
                InferInputTensor.newBuilder()
                    .setName("x")
                    .setDatatype("INT32")
                    .setContents(InferTensorContents.newBuilder().addFp32Contents(1)))
            .build();

    assertRefused(request, "unexpected explicit tensor data for input tensor 'x' for model 'm'");
  }

  @Test
  void turnsTypedContentsIntoRawBytes() throws Exception {
    ModelInferRequest request =
        ModelInferRequest.newBuilder()
            .addInputs(
                InferInputTensor.newBuilder()
                    .setName("small")
                    .setDatatype("INT8")
                    .setContents(
                        InferTensorContents.newBuilder().addIntContents(-1).addIntContents(300)))
            .addInputs(
                InferInputTensor.newBuilder()
                    .setName("text")
                    .setDatatype("BYTES")
                    .setContents(
                        InferTensorContents.newBuilder()
                            .addBytesContents(ByteString.copyFromUtf8("ab"))
                            .addBytesContents(ByteString.EMPTY)))
            .build();

    InferRequest decoded = decode(request.toByteArray(), 1_000);

    assertArrayEquals(new byte[] {-1, 44}, bytes(decoded.inputs().get(0).data()));
    assertArrayEquals(
        new byte[] {2, 0, 0, 0, 'a', 'b', 0, 0, 0, 0}, bytes(decoded.inputs().get(1).data()));
  }

  @Test
  void leavesAnInputWithoutDataToTheValidator() throws Exception {
    ModelInferRequest request =
        ModelInferRequest.newBuilder()
            .addInputs(InferInputTensor.newBuilder().setName("x"))
            .build();

    assertNull(decode(request.toByteArray(), 1_000).inputs().getFirst().data());
  }

  @Test
  void readsUserIdAndTimeoutParameters() throws Exception {
    ModelInferRequest request =
        ModelInferRequest.newBuilder()
            .putParameters("user_id", InferParameter.newBuilder().setInt64Param(42).build())
            .putParameters("timeout", InferParameter.newBuilder().setInt64Param(1_500).build())
            .putParameters("other", InferParameter.newBuilder().setDoubleParam(1.5).build())
            .build();

    InferRequest decoded = decode(request.toByteArray(), 1_000);

    assertEquals("42", decoded.parameters().userId());
    assertEquals(1_500, decoded.parameters().timeoutMicros());
  }

  @Test
  void readsThePriorityInBothKindsOfInteger() throws Exception {
    assertEquals(2, priority(InferParameter.newBuilder().setInt64Param(2)));
    assertEquals(3, priority(InferParameter.newBuilder().setUint64Param(3)));
    assertEquals(Long.MAX_VALUE, priority(InferParameter.newBuilder().setUint64Param(-1)));
    assertRefused(
        withPriority(InferParameter.newBuilder().setInt64Param(-1)),
        "invalid value for 'priority', expected value >= 0");
    assertRefused(
        withPriority(InferParameter.newBuilder().setStringParam("1")),
        "invalid value type for 'priority' parameter");
  }

  @Test
  void readsTheTenantOnlyIfAParameterIsConfigured() throws Exception {
    byte[] request =
        ModelInferRequest.newBuilder()
            .putParameters("tenant_id", InferParameter.newBuilder().setStringParam("t").build())
            .build()
            .toByteArray();
    ReceivedMessage message = new ReceivedMessage(List.of(ByteBuffer.wrap(request)));
    InferRequest decoded = new InferRequestDecoder(message, NAMES, "user_id", "tenant_id").decode();
    assertEquals("t", decoded.parameters().tenant());
    assertNull(decode(request, 1_000).parameters().tenant());
  }

  private static long priority(InferParameter.Builder value) throws Exception {
    return decode(withPriority(value).toByteArray(), 1_000).parameters().priority();
  }

  private static ModelInferRequest withPriority(InferParameter.Builder value) {
    return ModelInferRequest.newBuilder().putParameters("priority", value.build()).build();
  }

  @Test
  void refusesParametersOfTheWrongKindAndReservedOnes() {
    assertRefused(
        ModelInferRequest.newBuilder()
            .putParameters("timeout", InferParameter.newBuilder().setStringParam("1").build())
            .build(),
        "invalid value type for 'timeout' parameter, expected int64_param.");
    assertRefused(
        ModelInferRequest.newBuilder()
            .putParameters("triton_foo", InferParameter.newBuilder().setBoolParam(true).build())
            .build(),
        "reserved for Triton usage");
  }

  private static void assertRefused(ModelInferRequest request, String text) {
    MalformedMessageException refused =
        assertThrows(MalformedMessageException.class, () -> decode(request.toByteArray(), 1_000));
    assertInstanceOf(Refusal.InvalidArgument.class, refused.refusal());
    String message = refused.refusal().message();
    assertTrue(message.contains(text), message);
  }

  private static void assertNoRequestFromBrokenBytes(byte[] bytes, String label) {
    try {
      decode(bytes, 11);
    } catch (MalformedMessageException e) {
      assertNotNull(e.refusal(), label);
      return;
    } catch (RuntimeException e) {
      throw new AssertionError(label, e);
    }
    try {
      readWhatIsDecoded(bytes);
    } catch (InvalidProtocolBufferException e) {
      throw new AssertionError(label + ": decoder accepted what the oracle refuses", e);
    }
  }

  /// The oracle for broken messages. It goes as deep as the decoder does: what nobody reads, such
  /// as the parameters of a tensor, may be broken.
  private static void readWhatIsDecoded(byte[] bytes) throws InvalidProtocolBufferException {
    UnknownFieldSet message = UnknownFieldSet.parseFrom(bytes);
    for (int tensor : new int[] {5, 6}) {
      for (ByteString encoded : message.getField(tensor).getLengthDelimitedList()) {
        assertNotNull(UnknownFieldSet.parseFrom(encoded));
      }
    }
    for (ByteString parameter : message.getField(4).getLengthDelimitedList()) {
      UnknownFieldSet entry = UnknownFieldSet.parseFrom(parameter);
      for (ByteString value : entry.getField(2).getLengthDelimitedList()) {
        assertNotNull(UnknownFieldSet.parseFrom(value));
      }
    }
  }

  private static ModelInferRequest randomRequest(SplittableRandom random) {
    ModelInferRequest.Builder request =
        ModelInferRequest.newBuilder().setModelName(text(random)).setModelVersion(text(random));
    request.setId(text(random));
    int inputs = random.nextInt(4);
    for (int i = 0; i < inputs; i++) {
      InferInputTensor.Builder input =
          InferInputTensor.newBuilder().setName(text(random)).setDatatype(text(random));
      for (int d = random.nextInt(4); d > 0; d--) {
        input.addShape(random.nextLong() >> random.nextInt(63));
      }
      input.putParameters("binary_data_size", InferParameter.newBuilder().setInt64Param(3).build());
      request.addInputs(input);
      byte[] raw = new byte[random.nextInt(300)];
      random.nextBytes(raw);
      request.addRawInputContents(ByteString.copyFrom(raw));
    }
    for (int o = random.nextInt(3); o > 0; o--) {
      request.addOutputs(InferRequestedOutputTensor.newBuilder().setName(text(random)));
    }
    if (random.nextBoolean()) {
      request.putParameters("user_id", InferParameter.newBuilder().setStringParam("用户-1").build());
    }
    return request.build();
  }

  private static String text(SplittableRandom random) {
    StringBuilder text = new StringBuilder();
    for (int i = random.nextInt(20); i > 0; i--) {
      text.appendCodePoint(random.nextInt(8) == 0 ? 0x4e2d : 'a' + random.nextInt(26));
    }
    return text.toString();
  }

  private static void assertSame(ModelInferRequest expected, InferRequest actual, String label) {
    assertEquals(expected.getModelName(), actual.model(), label);
    assertEquals(expected.getModelVersion(), actual.version(), label);
    assertEquals(expected.getId(), actual.id(), label);
    assertEquals(
        expected.getOutputsList().stream().map(InferRequestedOutputTensor::getName).toList(),
        actual.requestedOutputs(),
        label);
    assertEquals(expected.getInputsCount(), actual.inputs().size(), label);
    for (int i = 0; i < expected.getInputsCount(); i++) {
      InferInputTensor input = expected.getInputs(i);
      InferRequest.Input got = actual.inputs().get(i);
      assertEquals(input.getName(), got.name(), label);
      assertEquals(input.getDatatype(), got.datatype(), label);
      assertArrayEquals(
          input.getShapeList().stream().mapToLong(Long::longValue).toArray(), got.shape(), label);
      assertArrayEquals(expected.getRawInputContents(i).toByteArray(), bytes(got.data()), label);
    }
    assertEquals(
        expected.containsParameters("user_id") ? "用户-1" : null,
        actual.parameters().userId(),
        label);
  }

  private static byte[] bytes(@Nullable TensorBytes data) {
    assertNotNull(data);
    byte[] bytes = new byte[(int) data.size()];
    data.copyTo(MemorySegment.ofArray(bytes), 0);
    return bytes;
  }

  private static InferRequest decode(byte[] message, int partBytes)
      throws MalformedMessageException {
    List<ByteBuffer> parts = new ArrayList<>();
    for (int at = 0; at < message.length; at += partBytes) {
      parts.add(ByteBuffer.wrap(message, at, Math.min(partBytes, message.length - at)));
    }
    return new InferRequestDecoder(new ReceivedMessage(parts), NAMES, "user_id").decode();
  }
}
