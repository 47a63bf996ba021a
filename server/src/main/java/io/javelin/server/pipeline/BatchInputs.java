package io.javelin.server.pipeline;

import io.javelin.batching.Batch;
import io.javelin.loader.engine.DataType;
import io.javelin.loader.engine.EngineInstance;
import io.javelin.loader.engine.ModelSignature;
import java.lang.foreign.MemorySegment;

/// Writes the rows of a batch into an instance's native memory: the one copy in, padding included.
/// Belongs to one runner.
final class BatchInputs {
  private final ModelSignature signature;
  private final ShapePlan plan;
  private final EngineInstance instance;
  private final long[][] shapes;
  private long realElements;
  private long runElements;

  BatchInputs(ModelSignature signature, ShapePlan plan, EngineInstance instance) {
    this.signature = signature;
    this.plan = plan;
    this.instance = instance;
    this.shapes = new long[signature.inputs().size()][];
  }

  /// Shapes of the run, by input. Reused by the next one.
  long[][] gather(Batch<InferCall> batch) {
    realElements = 0;
    runElements = 0;
    for (int input = 0; input < shapes.length; input++) {
      shapes[input] = shapeOf(batch, input);
      if (plan.addsNothing()) {
        write(batch, input);
      } else {
        writeWithPadding(batch, input);
      }
    }
    if (!plan.addsNothing()) {
      plan.counts().onRun(realElements, runElements - realElements);
    }
    return shapes;
  }

  private void write(Batch<InferCall> batch, int input) {
    long total = 0;
    for (int i = 0; i < batch.size(); i++) {
      total += batch.get(i).data(input).size();
    }
    MemorySegment target = instance.input(input, total);
    long at = 0;
    for (int i = 0; i < batch.size(); i++) {
      TensorBytes data = batch.get(i).data(input);
      data.copyTo(target, at);
      at += data.size();
    }
  }

  private long[] shapeOf(Batch<InferCall> batch, int input) {
    long[] first = batch.get(0).binding().shapes()[input];
    PaddingPlan padding = plan.padding();
    if (padding != null) {
      first = padding.runShape(input, first, bucketOf(padding, batch.get(0)));
    }
    int rows = plan.runRows(batch.rows());
    return !signature.batching() || first[0] == rows ? first : RowRanges.shape(first, rows);
  }

  private static long bucketOf(PaddingPlan padding, InferCall call) {
    return padding.bucketOf(padding.lengthOf(call.binding().shapes()));
  }

  private void writeWithPadding(Batch<InferCall> batch, int input) {
    int added = plan.runRows(batch.rows()) - batch.rows();
    long total = 0;
    for (int i = 0; i < batch.size(); i++) {
      total += runBytes(batch.get(i), input);
    }
    long rowBytes = added == 0 ? 0 : firstRowBytes(batch.get(0), input);
    MemorySegment target = instance.input(input, total + added * rowBytes);
    long at = 0;
    for (int i = 0; i < batch.size(); i++) {
      at = write(batch.get(i), input, target, at);
    }
    for (int i = 0; i < added; i++) {
      MemorySegment.copy(target, 0, target, at, rowBytes);
      at += rowBytes;
    }
    int elementBytes = signature.inputs().get(input).type().elementBytes();
    runElements += elementBytes == 0 ? 0 : at / elementBytes;
  }

  private boolean isPadded(int input) {
    PaddingPlan padding = plan.padding();
    return padding != null && padding.isPadded(input);
  }

  /// Bytes of a call's rows as they run.
  private long runBytes(InferCall call, int input) {
    return isPadded(input)
        ? call.rows() * elements(shapes[input], 1) * elementBytes(input)
        : call.data(input).size();
  }

  /// Bytes of the first row, which padding rows repeat.
  private long firstRowBytes(InferCall call, int input) {
    if (signature.inputs().get(input).type() != DataType.BYTES) {
      return runBytes(call, input) / call.rows();
    }
    TensorBytes data = call.data(input);
    long at = 0;
    for (long left = elements(shapes[input], 1); left > 0; left--) {
      at += Integer.BYTES + Integer.toUnsignedLong(data.intAt(at));
    }
    return at;
  }

  private int elementBytes(int input) {
    return signature.inputs().get(input).type().elementBytes();
  }

  /// Elements in the dimensions from `dim` on.
  private static long elements(long[] shape, int dim) {
    long elements = 1;
    for (int d = dim; d < shape.length; d++) {
      elements *= shape[d];
    }
    return elements;
  }

  private long write(InferCall call, int input, MemorySegment target, long from) {
    PaddingPlan padding = plan.padding();
    if (padding == null || !padding.isPadded(input)) {
      TensorBytes data = call.data(input);
      data.copyTo(target, from);
      int elementBytes = elementBytes(input);
      realElements += elementBytes == 0 ? 0 : data.size() / elementBytes;
      return from + data.size();
    }
    int dim = padding.inputDim(input);
    long[] own = call.binding().shapes()[input];
    long inner = elements(own, dim + 1);
    long count = own[dim] * inner;
    long missing = (shapes[input][dim] - own[dim]) * inner;
    long chunks = 1;
    for (int d = 0; d < dim; d++) {
      chunks *= own[d];
    }
    int elementBytes = elementBytes(input);
    long at = from;
    for (long chunk = 0; chunk < chunks; chunk++) {
      if (call.hasData(input)) {
        call.data(input).copyTo(chunk * count * elementBytes, count * elementBytes, target, at);
      } else {
        padding.real().fill(target, at, count);
      }
      at += count * elementBytes;
      padding.padValue(input).fill(target, at, missing);
      at += missing * elementBytes;
    }
    realElements += chunks * count;
    return at;
  }
}
