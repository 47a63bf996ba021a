package io.javelin.benchmarks.bench;

import com.google.protobuf.InvalidProtocolBufferException;
import inference.ModelInferResponse;
import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;

/// Makes sure that two servers do the same work before they are compared. Pure, but for the two
/// requests.
final class SameAnswers {
  private static final double TOLERANCE = 1e-4;

  private SameAnswers() {}

  /// @throws IOException when the two answer the same request differently
  static void require(Contestant one, Contestant other) throws IOException, InterruptedException {
    byte[] request = one.traffic().requests().getFirst();
    FloatBuffer expected = output(one.client().ask(request));
    FloatBuffer actual = output(other.client().ask(request));
    if (!isClose(expected, actual)) {
      throw new IOException(
          "%s and %s answer the same request differently".formatted(one.name(), other.name()));
    }
  }

  static boolean isClose(FloatBuffer expected, FloatBuffer actual) {
    if (!expected.hasRemaining() || expected.remaining() != actual.remaining()) {
      return false;
    }
    for (int i = 0; i < expected.remaining(); i++) {
      if (!(Math.abs(expected.get(i) - actual.get(i)) <= TOLERANCE)) {
        return false;
      }
    }
    return true;
  }

  private static FloatBuffer output(byte[] answer) throws InvalidProtocolBufferException {
    ModelInferResponse response = ModelInferResponse.parseFrom(answer);
    if (response.getRawOutputContentsCount() > 0) {
      return response
          .getRawOutputContents(0)
          .asReadOnlyByteBuffer()
          .order(ByteOrder.LITTLE_ENDIAN)
          .asFloatBuffer();
    }
    FloatBuffer typed =
        FloatBuffer.allocate(response.getOutputs(0).getContents().getFp32ContentsCount());
    response.getOutputs(0).getContents().getFp32ContentsList().forEach(typed::put);
    return typed.flip();
  }
}
