package io.javelin.server.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import inference.GRPCInferenceServiceGrpc;
import inference.InferParameter;
import inference.InferTensorContents;
import inference.ModelInferRequest;
import inference.ModelInferRequest.InferInputTensor;
import inference.ModelInferRequest.InferRequestedOutputTensor;
import io.grpc.CallOptions;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ClientCalls;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Every mistake a caller can make gets its code and a message that names model, tensor, expected
/// and actual; the channel stays usable.
class WrongRequestsTest {
  private static final int MAX_MESSAGE_BYTES = 100_000;

  @TempDir static Path directory;
  private static DemoServer server;

  @BeforeAll
  static void start() throws Exception {
    String config =
        DemoServer.demoConfig()
            .replace("server: {", "server: {max_message_bytes: " + MAX_MESSAGE_BYTES + ", ");
    server = DemoServer.start(directory, config);
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  /// @param parts what the message must contain
  record Wrong(
      String what, ModelInferRequest.Builder request, Status.Code code, List<String> parts) {
    @Override
    public String toString() {
      return what;
    }
  }

  private static Wrong invalid(String what, ModelInferRequest.Builder request, String... parts) {
    return new Wrong(what, request, Status.Code.INVALID_ARGUMENT, List.of(parts));
  }

  private static Wrong unknown(String what, ModelInferRequest.Builder request, String... parts) {
    return new Wrong(what, request, Status.Code.NOT_FOUND, List.of(parts));
  }

  static Stream<Wrong> shapesAndBytes() {
    String input = "input 'pixels' for model 'digits'";
    return Stream.of(
        invalid("wrong shape", tensor("FP32", 63, 1, 63), input, "Expected [-1,64]", "got [1,63]"),
        invalid("rank too small", tensor("FP32", 64, 64), input, "Expected [-1,64]", "got [64]"),
        invalid("rank too large", tensor("FP32", 64, 1, 8, 8), input, "[-1,64]", "got [1,8,8]"),
        invalid("no shape", tensor("FP32", 64), "'pixels' has no shape", "'digits'"),
        invalid("open dimension", tensor("FP32", 64, 1, -1), input, "specified", "got [1,-1]"),
        invalid("datatype", tensor("FP64", 64, 1, 64), "'pixels'", "'FP64'", "'digits'", "'FP32'"),
        invalid("no datatype", tensor("FP23", 64, 1, 64), "data-type is 'FP23'", "'FP32'"),
        invalid("bytes too short", tensor("FP32", 63, 1, 64), input, "Expected 256", "got 252"),
        invalid("bytes too long", tensor("FP32", 65, 1, 64), input, "Expected 256", "got 260"),
        invalid("batch too large", tensor("FP32", 65 * 64, 65, 64), "<= 64", "'digits'", "got 65"),
        invalid("batch 0", tensor("FP32", 0, 0, 64), ">= 1", "'digits'", "got 0"),
        invalid("batch -1", tensor("FP32", 64, -1, 64), ">= 1", "'digits'", "got -1"),
        invalid("overflowing shape", tensor("FP32", 64, Long.MAX_VALUE, 64), "'digits'", "<= 64"));
  }

  static Stream<Wrong> tensors() {
    ModelInferRequest.Builder renamed = Requests.digits();
    renamed.getInputsBuilder(0).setName("image");
    ModelInferRequest.Builder extra =
        Requests.digits()
            .addInputs(Requests.digits().getInputs(0).toBuilder().setName("more"))
            .addRawInputContents(ByteString.copyFrom(new byte[256]));
    ModelInferRequest.Builder twice =
        Requests.digits()
            .addInputs(Requests.digits().getInputs(0))
            .addRawInputContents(ByteString.copyFrom(new byte[256]));
    return Stream.of(
        invalid("input name", renamed, "input 'image' for model 'digits'", "['pixels']"),
        invalid("extra input", extra, "input 'more' for model 'digits'", "['pixels']"),
        invalid("input twice", twice, "'pixels' already exists", "'digits'"),
        invalid(
            "no input",
            ModelInferRequest.newBuilder().setModelName("digits"),
            "expected 1 inputs but got 0 inputs for model 'digits'",
            "['pixels']"),
        invalid(
            "no data",
            Requests.digits().clearRawInputContents(),
            "data for input tensor 'pixels' for model 'digits'"),
        invalid(
            "extra raw entry",
            Requests.digits().addRawInputContents(ByteString.EMPTY),
            "got 2 raw_input_contents entries for 1 inputs for model 'digits'"),
        invalid("raw and typed", typed(Requests.digits(), 1), "'pixels' for model 'digits'"),
        invalid(
            "typed of another type",
            typed(Requests.digits().clearRawInputContents(), 1),
            "'pixels' for model 'digits' of type 'int_contents'",
            "'FP32'"),
        invalid("output name", wanting("scores"), "'scores'", "'digits'", "'probabilities'"),
        invalid("output twice", wanting("label", "label"), "'label' already exists", "'digits'"));
  }

  static Stream<Wrong> names() {
    return Stream.of(
        unknown(
            "unknown model",
            Requests.request("nope", "x", new float[1][1]),
            "Request for unknown model: 'nope' is not found",
            "[cancer, digits]"),
        unknown("no model", Requests.digits().setModelName(""), "'' is not found"),
        unknown(
            "unknown version",
            Requests.digits().setModelVersion("7"),
            "'digits' version 7",
            "[1, 2]"),
        invalid("version text", Requests.digits().setModelVersion("abc"), "'abc'", "value > 0"),
        invalid("version -1", Requests.digits().setModelVersion("-1"), "'-1'", "value > 0"),
        invalid("version 0", Requests.digits().setModelVersion("0"), "'0'", "value > 0"),
        invalid("reserved parameter", parameter("triton_x", "1"), "reserved", "got 'triton_x'"),
        invalid("timeout as text", parameter("timeout", "1"), "'timeout'", "int64_param"),
        invalid(
            "user id as flag",
            Requests.digits()
                .putParameters("user_id", InferParameter.newBuilder().setBoolParam(true).build()),
            "'user_id'",
            "string_param or int64_param"));
  }

  @ParameterizedTest
  @MethodSource({"shapesAndBytes", "tensors", "names"})
  void namesTheMistakeAndServesOn(Wrong wrong) {
    StatusRuntimeException refused =
        assertThrows(
            StatusRuntimeException.class,
            () -> server.inference().modelInfer(wrong.request().build()));

    assertEquals(wrong.code(), refused.getStatus().getCode());
    String message = String.valueOf(refused.getStatus().getDescription());
    wrong.parts().forEach(part -> assertTrue(message.contains(part), part + " not in " + message));
    assertServes();
  }

  @Test
  void answersBytesThatAreNoMessage() {
    assertRawRefused(
        new byte[] {(byte) 0x0a, 50, 1, 2, 3}, Status.Code.INTERNAL, "Unable to parse");
  }

  @Test
  void refusesAMessageAboveTheLimit() {
    ModelInferRequest large =
        Requests.digits()
            .addRawInputContents(ByteString.copyFrom(new byte[MAX_MESSAGE_BYTES]))
            .build();

    assertRawRefused(
        large.toByteArray(), Status.Code.RESOURCE_EXHAUSTED, String.valueOf(MAX_MESSAGE_BYTES));
  }

  @Test
  void callsUnknownMethodsUnimplemented() {
    StatusRuntimeException refused =
        assertThrows(StatusRuntimeException.class, () -> callRaw("ModelDance", new byte[0]));

    assertEquals(Status.Code.UNIMPLEMENTED, refused.getStatus().getCode());
    assertServes();
  }

  private static void assertRawRefused(byte[] message, Status.Code code, String part) {
    StatusRuntimeException refused =
        assertThrows(StatusRuntimeException.class, () -> callRaw("ModelInfer", message));
    assertEquals(code, refused.getStatus().getCode());
    String text = String.valueOf(refused.getStatus().getDescription());
    assertTrue(text.contains(part), text);
    assertServes();
  }

  private static void assertServes() {
    assertEquals("digits", server.inference().modelInfer(Requests.digits().build()).getModelName());
  }

  private static byte[] callRaw(String method, byte[] message) {
    MethodDescriptor<byte[], byte[]> descriptor =
        MethodDescriptor.<byte[], byte[]>newBuilder()
            .setType(MethodDescriptor.MethodType.UNARY)
            .setFullMethodName(
                MethodDescriptor.generateFullMethodName(
                    GRPCInferenceServiceGrpc.SERVICE_NAME, method))
            .setRequestMarshaller(RawMarshaller.INSTANCE)
            .setResponseMarshaller(RawMarshaller.INSTANCE)
            .build();
    return ClientCalls.blockingUnaryCall(
        server.channel(), descriptor, CallOptions.DEFAULT, message);
  }

  private static ModelInferRequest.Builder tensor(String datatype, int floats, long... shape) {
    InferInputTensor.Builder input =
        InferInputTensor.newBuilder().setName("pixels").setDatatype(datatype);
    for (long dimension : shape) {
      input.addShape(dimension);
    }
    return ModelInferRequest.newBuilder()
        .setModelName("digits")
        .addInputs(input)
        .addRawInputContents(ByteString.copyFrom(new byte[floats * Float.BYTES]));
  }

  private static ModelInferRequest.Builder typed(ModelInferRequest.Builder request, int value) {
    request.getInputsBuilder(0).setContents(InferTensorContents.newBuilder().addIntContents(value));
    return request;
  }

  private static ModelInferRequest.Builder wanting(String... outputs) {
    ModelInferRequest.Builder request = Requests.digits();
    for (String output : outputs) {
      request.addOutputs(InferRequestedOutputTensor.newBuilder().setName(output));
    }
    return request;
  }

  private static ModelInferRequest.Builder parameter(String key, String value) {
    return Requests.digits()
        .putParameters(key, InferParameter.newBuilder().setStringParam(value).build());
  }
}
