package io.javelin.server.grpc;

import com.google.protobuf.CodedOutputStream;
import io.grpc.Drainable;
import io.grpc.KnownLength;
import io.grpc.MethodDescriptor;
import io.javelin.loader.engine.ModelSignature;
import io.javelin.loader.engine.TensorSpec;
import io.javelin.server.pipeline.BatchOutputs;
import io.javelin.server.pipeline.InferCall;
import io.javelin.server.pipeline.VersionText;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/// One answer on its way to the wire: `inference.ModelInferResponse`, encoded straight from the
/// engine's output memory. gRPC drains it inside `sendMessage`, while that memory is still valid,
/// so tensor bytes go to the transport's buffer through a small array and are never held in whole.
final class InferReply extends InputStream implements Drainable, KnownLength {
  private static final int RAW_OUTPUT_CONTENTS = 6;
  private static final int OUTPUTS = 5;

  /// Passes replies through: they are their own stream.
  static final MethodDescriptor.Marshaller<InferReply> MARSHALLER =
      new MethodDescriptor.Marshaller<>() {
        @Override
        public InputStream stream(InferReply value) {
          return value;
        }

        @Override
        public InferReply parse(InputStream stream) {
          throw new UnsupportedOperationException("replies are not received by the server");
        }
      };

  private final InferCall call;
  private final BatchOutputs outputs;
  private final int firstRow;
  private final String version;
  private final int size;
  private InputStream rest = InputStream.nullInputStream();
  private boolean drained;

  InferReply(InferCall call, BatchOutputs outputs, int firstRow) {
    this.call = call;
    this.outputs = outputs;
    this.firstRow = firstRow;
    this.version = VersionText.of(call.version());
    this.size = Math.addExact(headSize(), dataSize());
  }

  @Override
  public int available() throws IOException {
    return drained ? rest.available() : size;
  }

  @Override
  public int drainTo(OutputStream target) throws IOException {
    if (drained) {
      return (int) rest.transferTo(target);
    }
    drained = true;
    ReplyWriter wire = new ReplyWriter(target, outputs.scratch());
    writeHead(wire);
    for (int output : call.outputs()) {
      long length = length(output);
      wire.lengthDelimited(RAW_OUTPUT_CONTENTS, (int) length);
      wire.bytes(outputs.bytes(output), outputs.offset(output, firstRow), length);
    }
    wire.flush();
    return size;
  }

  /// Only for a transport that does not drain (a compressing one reads).
  @Override
  public int read() throws IOException {
    return buffered().read();
  }

  @Override
  public int read(byte[] target, int offset, int length) throws IOException {
    return buffered().read(target, offset, length);
  }

  private InputStream buffered() throws IOException {
    if (!drained) {
      ByteArrayOutputStream whole = new ByteArrayOutputStream(size);
      drainTo(whole);
      rest = new ByteArrayInputStream(whole.toByteArray());
    }
    return rest;
  }

  private void writeHead(ReplyWriter wire) throws IOException {
    wire.string(1, call.request().model());
    wire.string(2, version);
    if (!call.request().id().isEmpty()) {
      wire.string(3, call.request().id());
    }
    for (int output : call.outputs()) {
      TensorSpec spec = signature().outputs().get(output);
      wire.lengthDelimited(OUTPUTS, outputSize(output));
      wire.string(1, spec.name());
      wire.string(2, spec.type().name());
      int dimensions = shapeSize(output);
      if (dimensions > 0) {
        wire.lengthDelimited(3, dimensions);
        long[] shape = outputs.shape(output);
        for (int d = 0; d < shape.length; d++) {
          wire.varint(dimension(shape, d));
        }
      }
    }
  }

  private int headSize() {
    int bytes =
        CodedOutputStream.computeStringSize(1, call.request().model())
            + CodedOutputStream.computeStringSize(2, version);
    if (!call.request().id().isEmpty()) {
      bytes += CodedOutputStream.computeStringSize(3, call.request().id());
    }
    for (int output : call.outputs()) {
      int inner = outputSize(output);
      bytes +=
          CodedOutputStream.computeTagSize(OUTPUTS)
              + CodedOutputStream.computeUInt32SizeNoTag(inner)
              + inner;
    }
    return bytes;
  }

  private int outputSize(int output) {
    TensorSpec spec = signature().outputs().get(output);
    int dimensions = shapeSize(output);
    return CodedOutputStream.computeStringSize(1, spec.name())
        + CodedOutputStream.computeStringSize(2, spec.type().name())
        + (dimensions == 0
            ? 0
            : CodedOutputStream.computeTagSize(3)
                + CodedOutputStream.computeUInt32SizeNoTag(dimensions)
                + dimensions);
  }

  private int shapeSize(int output) {
    long[] shape = outputs.shape(output);
    int bytes = 0;
    for (int d = 0; d < shape.length; d++) {
      bytes += CodedOutputStream.computeInt64SizeNoTag(dimension(shape, d));
    }
    return bytes;
  }

  private int dataSize() {
    long bytes = 0;
    for (int output : call.outputs()) {
      long length = length(output);
      bytes +=
          CodedOutputStream.computeTagSize(RAW_OUTPUT_CONTENTS)
              + CodedOutputStream.computeUInt32SizeNoTag((int) length)
              + length;
    }
    return Math.toIntExact(bytes);
  }

  /// The caller's share of the batch dimension, other dimensions as they are.
  private long dimension(long[] shape, int index) {
    return index == 0 && signature().batching() ? call.rows() : shape[index];
  }

  private long length(int output) {
    return outputs.offset(output, firstRow + call.rows()) - outputs.offset(output, firstRow);
  }

  private ModelSignature signature() {
    return outputs.signature();
  }
}
