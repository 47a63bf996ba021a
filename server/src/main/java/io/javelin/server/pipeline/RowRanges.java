package io.javelin.server.pipeline;

import io.javelin.loader.engine.DataType;
import io.javelin.loader.engine.ModelSignature;
import io.javelin.server.pipeline.InferRequest.Input;
import java.util.ArrayList;
import java.util.List;

/// Cuts a bound call's request into requests of fewer rows that share its bytes. Pure.
final class RowRanges {
  private final InferCall whole;
  private final ModelSignature signature;

  /// By input of the signature: where the next part begins.
  private final long[] next;

  RowRanges(InferCall whole, ModelSignature signature) {
    this.whole = whole;
    this.signature = signature;
    this.next = new long[signature.inputs().size()];
  }

  /// The next `rows` rows; parts are asked for from the first to the last.
  InferRequest cut(int rows) {
    InferRequest request = whole.request();
    List<Input> inputs = new ArrayList<>(request.inputs());
    for (int input = 0; input < next.length; input++) {
      if (whole.hasData(input)) {
        int index = whole.binding().order()[input];
        inputs.set(index, cut(request.inputs().get(index), input, rows));
      }
    }
    return new InferRequest(
        request.model(),
        request.version(),
        request.id(),
        inputs,
        request.requestedOutputs(),
        request.parameters());
  }

  private Input cut(Input input, int index, int rows) {
    TensorBytes data = whole.data(index);
    long length = bytesOf(data, input.shape(), index, rows);
    SlicedBytes slice = new SlicedBytes(data, next[index], length);
    next[index] += length;
    return new Input(input.name(), input.datatype(), shape(input.shape(), rows), slice);
  }

  private long bytesOf(TensorBytes data, long[] shape, int index, int rows) {
    if (signature.inputs().get(index).type() != DataType.BYTES) {
      return data.size() / whole.rows() * rows;
    }
    long elements = rows;
    for (int d = 1; d < shape.length; d++) {
      elements *= shape[d];
    }
    long at = next[index];
    for (long e = 0; e < elements; e++) {
      at += Integer.BYTES + Integer.toUnsignedLong(data.intAt(at));
    }
    return at - next[index];
  }

  /// `shape` with another number of rows.
  static long[] shape(long[] shape, int rows) {
    long[] cut = shape.clone();
    cut[0] = rows;
    return cut;
  }
}
