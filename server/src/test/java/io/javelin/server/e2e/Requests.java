package io.javelin.server.e2e;

import com.google.protobuf.ByteString;
import inference.InferParameter;
import inference.ModelInferRequest;
import inference.ModelInferRequest.InferInputTensor;
import inference.ModelInferResponse;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/// Builds requests for the demo models and reads their answers.
final class Requests {
  private Requests() {}

  /// A raw request of some rows for `input`.
  static ModelInferRequest.Builder request(String model, String input, float[][] rows) {
    return ModelInferRequest.newBuilder()
        .setModelName(model)
        .addInputs(
            InferInputTensor.newBuilder()
                .setName(input)
                .setDatatype("FP32")
                .addShape(rows.length)
                .addShape(rows[0].length))
        .addRawInputContents(raw(rows));
  }

  /// One row of zeros for the digits model.
  static ModelInferRequest.Builder digits() {
    return request("digits", "pixels", new float[1][64]);
  }

  /// One row of zeros for the cancer model.
  static ModelInferRequest.Builder cancer() {
    return request("cancer", "features", new float[1][30]);
  }

  static ModelInferRequest forUser(ModelInferRequest.Builder request, String userId) {
    return request
        .putParameters("user_id", InferParameter.newBuilder().setStringParam(userId).build())
        .build();
  }

  static ByteString raw(float[][] rows) {
    ByteBuffer bytes =
        ByteBuffer.allocate(rows.length * rows[0].length * Float.BYTES)
            .order(ByteOrder.LITTLE_ENDIAN);
    for (float[] row : rows) {
      for (float value : row) {
        bytes.putFloat(value);
      }
    }
    return ByteString.copyFrom(bytes.flip());
  }

  static int indexOf(ModelInferResponse response, String output) {
    for (int i = 0; i < response.getOutputsCount(); i++) {
      if (response.getOutputs(i).getName().equals(output)) {
        return i;
      }
    }
    throw new AssertionError("no output '" + output + "' in " + response.getOutputsList());
  }

  static long[] longs(ModelInferResponse response, String output) {
    ByteBuffer bytes = bytes(response, output);
    long[] values = new long[bytes.remaining() / Long.BYTES];
    bytes.asLongBuffer().get(values);
    return values;
  }

  static float[] floats(ModelInferResponse response, String output) {
    ByteBuffer bytes = bytes(response, output);
    float[] values = new float[bytes.remaining() / Float.BYTES];
    bytes.asFloatBuffer().get(values);
    return values;
  }

  private static ByteBuffer bytes(ModelInferResponse response, String output) {
    return response
        .getRawOutputContents(indexOf(response, output))
        .asReadOnlyByteBuffer()
        .order(ByteOrder.LITTLE_ENDIAN);
  }
}
