package io.javelin.server.pipeline;

import io.javelin.loader.engine.DataType;
import io.javelin.loader.engine.EngineException;
import io.javelin.loader.engine.EngineInstance;
import io.javelin.loader.engine.ModelSignature;
import io.javelin.loader.engine.TensorSpec;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// What one run of a model produced, cut into rows. Reused by its batch worker: a view that is
/// valid until the next run.
///
/// For a model without a batch dimension the whole output counts as the single row 0.
public final class BatchOutputs {
  private static final ValueLayout.OfInt LITTLE_ENDIAN_INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private static final int SCRATCH_BYTES = 8 * 1024;

  private final ModelSignature signature;
  private final MemorySegment[] bytes;
  private final long[][] shapes;
  private final long[] rowBytes;
  private final long[][] rowOffsets;
  private final byte[] scratch = new byte[SCRATCH_BYTES];
  private final @Nullable Cut[] cuts;
  private int rows;

  /// The rows of one call in an output whose padding was cut away. They begin where they began with
  /// padding, and lie without gaps from there on.
  private static final class Cut {
    private final long[] shape;
    private int firstRow;
    private long rowBytes;

    Cut(long[] shape) {
      this.shape = shape;
    }
  }

  /// Outputs of a model with this signature, empty until the first run.
  public BatchOutputs(ModelSignature signature) {
    int count = signature.outputs().size();
    this.signature = signature;
    this.bytes = new MemorySegment[count];
    this.shapes = new long[count][];
    this.rowBytes = new long[count];
    this.rowOffsets = new long[count][];
    this.cuts = new @Nullable Cut[count];
    Arrays.fill(bytes, MemorySegment.NULL);
  }

  /// Room for `rows` rows that are put together from several runs.
  BatchOutputs(ModelSignature signature, int rows) {
    this(signature);
    this.rows = rows;
  }

  /// The model's signature.
  public ModelSignature signature() {
    return signature;
  }

  /// Room for whoever encodes an answer, within the call that was given these outputs.
  public byte[] scratch() {
    return scratch;
  }

  /// All rows of output `output`.
  public MemorySegment bytes(int output) {
    return bytes[output];
  }

  /// Full shape of output `output`, the batch's rows included.
  public long[] shape(int output) {
    Cut cut = cuts[output];
    return cut == null ? shapes[output] : cut.shape;
  }

  /// Where row `row` of output `output` begins in [#bytes]; `row` may be the number of rows.
  public long offset(int output, int row) {
    Cut cut = cuts[output];
    if (cut != null) {
      return rowBytes[output] * cut.firstRow + cut.rowBytes * (row - cut.firstRow);
    }
    return isStrings(output) ? rowOffsets[output][row] : rowBytes[output] * row;
  }

  /// Takes over what `instance` has just produced for `rows` rows.
  ///
  /// @throws EngineException when an output does not have one row per input row
  public void read(EngineInstance instance, int rows) throws EngineException {
    this.rows = rows;
    Arrays.fill(cuts, null);
    for (int i = 0; i < bytes.length; i++) {
      TensorSpec spec = signature.outputs().get(i);
      bytes[i] = instance.output(i);
      shapes[i] = instance.outputShape(i);
      if (signature.batching() && (shapes[i].length == 0 || shapes[i][0] != rows)) {
        throw new EngineException(
            "output '%s' has shape %s, expected %d rows"
                .formatted(spec.name(), Arrays.toString(shapes[i]), rows));
      }
      if (spec.type() == DataType.BYTES) {
        indexStrings(i);
      } else {
        rowBytes[i] = bytes[i].byteSize() / rows;
      }
    }
  }

  /// Cuts the rows of one call back from length `bucket` to `length`, in the outputs that have it.
  ///
  /// @throws EngineException when such an output does not have the length that was run
  void cut(PaddingPlan plan, int firstRow, int count, long length, long bucket)
      throws EngineException {
    for (int i = 0; i < bytes.length; i++) {
      int dim = plan.outputDim(i);
      if (dim < 0) {
        continue;
      }
      if (shapes[i].length <= dim || shapes[i][dim] != bucket) {
        throw new EngineException(
            "output '%s' has shape %s, expected %d in dimension %d, which padding names"
                .formatted(
                    signature.outputs().get(i).name(), Arrays.toString(shapes[i]), bucket, dim));
      }
      if (length < bucket) {
        moveTogether(i, firstRow, count, length, dim);
      }
    }
  }

  private void moveTogether(int output, int firstRow, int count, long length, int dim) {
    long[] shape = shapes[output];
    long chunks = count;
    for (int d = 1; d < dim; d++) {
      chunks *= shape[d];
    }
    long base = rowBytes[output] * firstRow;
    long padded = rowBytes[output] * count / chunks;
    long kept = padded / shape[dim] * length;
    for (long chunk = 1; chunk < chunks; chunk++) {
      MemorySegment.copy(
          bytes[output], base + chunk * padded, bytes[output], base + chunk * kept, kept);
    }
  }

  /// From now on [#offset] and [#shape] are those of the call whose rows begin at `firstRow` and
  /// were cut to `length`.
  void show(PaddingPlan plan, int firstRow, long length) {
    for (int i = 0; i < bytes.length; i++) {
      int dim = plan.outputDim(i);
      if (dim >= 0) {
        Cut cut = cuts[i];
        if (cut == null) {
          cut = new Cut(shapes[i].clone());
          cuts[i] = cut;
        }
        cut.shape[dim] = length;
        cut.firstRow = firstRow;
        cut.rowBytes = rowBytes[i] / shapes[i][dim] * length;
      }
    }
  }

  /// Bytes of the rows from `firstRow` on in the `wanted` outputs.
  long bytesOf(int firstRow, int count, boolean[] wanted) {
    long sum = 0;
    for (int i = 0; i < bytes.length; i++) {
      sum += wanted[i] ? offset(i, firstRow + count) - offset(i, firstRow) : 0;
    }
    return sum;
  }

  /// The rows from `firstRow` on as a copy of their own on the heap, which no run overwrites and
  /// any thread may read. Outputs that are not `wanted` are empty in it.
  BatchOutputs copyOf(int firstRow, int count, boolean[] wanted) {
    BatchOutputs copy = new BatchOutputs(signature);
    copy.rows = count;
    for (int i = 0; i < bytes.length; i++) {
      copy.shapes[i] = shape(i).clone();
      if (signature.batching()) {
        copy.shapes[i][0] = count;
      }
      if (wanted[i]) {
        copyRows(copy, i, firstRow, count);
      } else if (isStrings(i)) {
        copy.rowOffsets[i] = new long[count + 1];
      }
    }
    return copy;
  }

  private void copyRows(BatchOutputs copy, int output, int firstRow, int count) {
    long from = offset(output, firstRow);
    long length = offset(output, firstRow + count) - from;
    byte[] kept = new byte[Math.toIntExact(length)];
    MemorySegment.copy(bytes[output], ValueLayout.JAVA_BYTE, from, kept, 0, kept.length);
    copy.bytes[output] = MemorySegment.ofArray(kept);
    copy.rowBytes[output] = length / count;
    if (isStrings(output)) {
      long[] offsets = new long[count + 1];
      for (int row = 0; row <= count; row++) {
        offsets[row] = rowOffsets[output][firstRow + row] - from;
      }
      copy.rowOffsets[output] = offsets;
    }
  }

  /// Takes over the shape of a row of `source`.
  void adoptShape(BatchOutputs source, int output) {
    shapes[output] = source.shape(output).clone();
    shapes[output][0] = rows;
  }

  /// Copies `count` rows of `source` to the rows from `targetRow` on.
  ///
  /// @throws IllegalStateException when its rows have another size than those put before
  void put(int output, int targetRow, BatchOutputs source, int firstRow, int count) {
    long from = source.offset(output, firstRow);
    long length = source.offset(output, firstRow + count) - from;
    if (bytes[output].byteSize() == 0) {
      rowBytes[output] = length / count;
      bytes[output] = MemorySegment.ofArray(new byte[Math.toIntExact(rowBytes[output] * rows)]);
    }
    if (length != rowBytes[output] * count) {
      throw new IllegalStateException(
          "output '%s' has rows of different sizes in the parts of a split request"
              .formatted(signature.outputs().get(output).name()));
    }
    MemorySegment.copy(
        source.bytes[output], from, bytes[output], rowBytes[output] * targetRow, length);
  }

  /// Puts the strings of `parts` one behind the other.
  void concatenate(int output, List<@Nullable BatchOutputs> parts) {
    long total = 0;
    for (BatchOutputs part : parts) {
      total += Objects.requireNonNull(part).bytes[output].byteSize();
    }
    MemorySegment all = MemorySegment.ofArray(new byte[Math.toIntExact(total)]);
    long[] offsets = new long[rows + 1];
    long at = 0;
    int row = 0;
    for (BatchOutputs part : parts) {
      MemorySegment strings = Objects.requireNonNull(part).bytes[output];
      MemorySegment.copy(strings, 0, all, at, strings.byteSize());
      for (int i = 1; i <= part.rows; i++) {
        offsets[++row] = at + part.rowOffsets[output][i];
      }
      at += strings.byteSize();
    }
    bytes[output] = all;
    rowOffsets[output] = offsets;
  }

  /// Bytes that a copy holds.
  long heldBytes() {
    long sum = 0;
    for (MemorySegment segment : bytes) {
      sum += segment.byteSize();
    }
    return sum;
  }

  private boolean isStrings(int output) {
    return signature.outputs().get(output).type() == DataType.BYTES;
  }

  private void indexStrings(int output) {
    long elementsPerRow = 1;
    long[] shape = shapes[output];
    for (int d = 0; d < shape.length; d++) {
      elementsPerRow *= shape[d];
    }
    elementsPerRow /= rows;
    long[] offsets = new long[rows + 1];
    long at = 0;
    for (int row = 0; row < rows; row++) {
      for (long e = 0; e < elementsPerRow; e++) {
        at += Integer.BYTES + Integer.toUnsignedLong(bytes[output].get(LITTLE_ENDIAN_INT, at));
      }
      offsets[row + 1] = at;
    }
    rowOffsets[output] = offsets;
  }
}
