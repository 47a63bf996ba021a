package io.javelin.server.grpc;

import com.google.protobuf.CodedOutputStream;
import io.grpc.Drainable;
import io.grpc.KnownLength;
import io.grpc.MethodDescriptor;
import io.javelin.loader.engine.ModelSignature;
import io.javelin.loader.engine.TensorSpec;
import io.javelin.server.pipeline.BatchOutputs;
import io.javelin.server.pipeline.InferCall;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// One answer on its way to the wire: `inference.ModelInferResponse`, encoded straight from the
/// engine's output memory. gRPC drains it inside `sendMessage`, while that memory is still valid,
/// so tensor bytes go to the transport's buffer through a small array and are never held in whole.
final class InferReply extends InputStream implements Drainable, KnownLength {
  private static final int RAW_OUTPUT_CONTENTS = 6;
  private static final byte RAW_OUTPUT_CONTENTS_TAG =
      RAW_OUTPUT_CONTENTS << 3 | WireCursor.WIRE_LENGTH_DELIMITED;

  /// A tag of one byte and a varint of up to five.
  private static final int MAX_TAG_AND_LENGTH = 6;

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
  private final int headSize;
  private final int size;
  private InputStream rest = InputStream.nullInputStream();
  private boolean drained;

  InferReply(InferCall call, BatchOutputs outputs, int firstRow) {
    this.call = call;
    this.outputs = outputs;
    this.firstRow = firstRow;
    this.version = Long.toString(call.version());
    this.headSize = headSize();
    this.size = Math.addExact(headSize, dataSize());
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
    byte[] scratch = outputs.scratch();
    int filled = writeHead(target, scratch);
    for (int output : call.outputs()) {
      filled = writeData(target, scratch, filled, output);
    }
    target.write(scratch, 0, filled);
    return size;
  }

  /// Returns how many bytes of `scratch` wait to be written.
  private int writeHead(OutputStream target, byte[] scratch) throws IOException {
    if (headSize > scratch.length - MAX_TAG_AND_LENGTH) {
      // A request id of thousands of characters.
      CodedOutputStream wire = CodedOutputStream.newInstance(target);
      writeHead(wire);
      wire.flush();
      return 0;
    }
    CodedOutputStream wire = CodedOutputStream.newInstance(scratch, 0, headSize);
    writeHead(wire);
    wire.checkNoSpaceLeft();
    return headSize;
  }

  /// Tensor bytes go through the small array and are never held in whole.
  private int writeData(OutputStream target, byte[] scratch, int filled, int output)
      throws IOException {
    int at = filled;
    if (at > scratch.length - MAX_TAG_AND_LENGTH) {
      target.write(scratch, 0, at);
      at = 0;
    }
    long length = length(output);
    scratch[at++] = RAW_OUTPUT_CONTENTS_TAG;
    at = putVarint(scratch, at, (int) length);
    MemorySegment source = outputs.bytes(output);
    long from = outputs.offset(output, firstRow);
    long end = from + length;
    while (from < end) {
      if (at == scratch.length) {
        target.write(scratch, 0, at);
        at = 0;
      }
      int chunk = (int) Math.min(end - from, scratch.length - at);
      MemorySegment.copy(source, ValueLayout.JAVA_BYTE, from, scratch, at, chunk);
      at += chunk;
      from += chunk;
    }
    return at;
  }

  private static int putVarint(byte[] target, int offset, int value) {
    int at = offset;
    int left = value;
    while ((left & ~0x7f) != 0) {
      target[at++] = (byte) (left | 0x80);
      left >>>= 7;
    }
    target[at++] = (byte) left;
    return at;
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

  private void writeHead(CodedOutputStream wire) throws IOException {
    wire.writeString(1, call.request().model());
    wire.writeString(2, version);
    if (!call.request().id().isEmpty()) {
      wire.writeString(3, call.request().id());
    }
    for (int output : call.outputs()) {
      TensorSpec spec = signature().outputs().get(output);
      wire.writeTag(5, WireCursor.WIRE_LENGTH_DELIMITED);
      wire.writeUInt32NoTag(outputSize(output));
      wire.writeString(1, spec.name());
      wire.writeString(2, spec.type().name());
      int dimensions = shapeSize(output);
      if (dimensions > 0) {
        wire.writeTag(3, WireCursor.WIRE_LENGTH_DELIMITED);
        wire.writeUInt32NoTag(dimensions);
        long[] shape = outputs.shape(output);
        for (int d = 0; d < shape.length; d++) {
          wire.writeInt64NoTag(dimension(shape, d));
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
          CodedOutputStream.computeTagSize(5)
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
