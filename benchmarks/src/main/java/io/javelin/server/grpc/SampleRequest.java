package io.javelin.server.grpc;

import com.google.protobuf.ByteString;
import inference.ModelInferRequest;
import inference.ModelInferRequest.InferInputTensor;
import io.javelin.server.pipeline.EchoBatch;
import io.javelin.server.pipeline.InferRequest;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/// The request that the benchmarks send: one row of floats, as most clients send it.
///
/// @param message encoded as `inference.ModelInferRequest`
record SampleRequest(ByteString message) {
  static final String USER_ID_PARAMETER = "user_id";

  /// Bytes of one HTTP/2 frame, which is what a large message is received in. Full of the names it
  /// needs, as in a server that has been asked before.
  private static final RecentNames NAMES = new RecentNames();

  private static final int FRAME_BYTES = 16 * 1024;

  static SampleRequest ofFloats(int floats) {
    ByteBuffer row = ByteBuffer.allocate(floats * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < floats; i++) {
      row.putFloat(i);
    }
    return new SampleRequest(
        ModelInferRequest.newBuilder()
            .setModelName(EchoBatch.MODEL)
            .setId("4711")
            .addInputs(
                InferInputTensor.newBuilder()
                    .setName(EchoBatch.INPUT)
                    .setDatatype("FP32")
                    .addShape(1)
                    .addShape(floats))
            .addRawInputContents(ByteString.copyFrom(row.flip()))
            .build()
            .toByteString());
  }

  /// A new copy in memory of the kind that the transport receives into.
  ByteBuffer inDirectBuffer() {
    ByteBuffer direct = ByteBuffer.allocateDirect(message.size());
    message.copyTo(direct);
    return direct.flip();
  }

  /// A new copy, a buffer for each frame.
  List<ByteBuffer> inFrames() {
    List<ByteBuffer> frames = new ArrayList<>();
    for (int from = 0; from < message.size(); from += FRAME_BYTES) {
      int to = Math.min(from + FRAME_BYTES, message.size());
      frames.add(new SampleRequest(message.substring(from, to)).inDirectBuffer());
    }
    return frames;
  }

  /// Decodes as the server does.
  static InferRequest decode(List<ByteBuffer> parts) throws MalformedMessageException {
    return new InferRequestDecoder(new ReceivedMessage(parts), NAMES, USER_ID_PARAMETER).decode();
  }

  /// A decoded copy in memory of its own.
  InferRequest decoded() {
    try {
      return decode(inFrames());
    } catch (MalformedMessageException e) {
      throw new IllegalStateException(e);
    }
  }
}
