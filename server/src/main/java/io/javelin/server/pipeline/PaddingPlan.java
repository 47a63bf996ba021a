package io.javelin.server.pipeline;

import io.javelin.loader.engine.DataType;
import io.javelin.loader.engine.EngineException;
import io.javelin.loader.engine.ModelSignature;
import io.javelin.loader.engine.TensorSpec;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// A [PaddingSpec] matched with a model's signature. Immutable and thread-safe.
///
/// A request's *length* is the size of the dimension that its padded inputs share. It runs at the
/// smallest bucket that fits; every function of the length here is pure, so that validator and
/// runner agree without passing it on.
final class PaddingPlan {
  private static final int NONE = -1;

  private final PaddingSpec spec;
  private final List<String> inputNames;
  private final int[] buckets;

  /// By input of the signature: its padded dimension, or [#NONE]. Holds for the mask, too.
  private final int[] inputDims;

  /// By input: what it is padded with, null for inputs that are not.
  private final @Nullable PadValue[] padValues;

  /// By output: its padded dimension, or [#NONE].
  private final int[] outputDims;

  private final int mask;
  private final @Nullable PadValue real;
  private final int measured;

  /// @throws EngineException that names what does not fit
  PaddingPlan(PaddingSpec spec, ModelSignature signature) throws EngineException {
    if (!signature.batching()) {
      throw new EngineException("padding needs a model with a batch dimension");
    }
    this.spec = spec;
    this.inputNames = signature.inputs().stream().map(TensorSpec::name).toList();
    this.buckets = spec.buckets().stream().mapToInt(Integer::intValue).toArray();
    this.inputDims = none(signature.inputs().size());
    this.padValues = new @Nullable PadValue[inputDims.length];
    this.outputDims = none(signature.outputs().size());
    for (PaddingSpec.Input input : spec.inputs()) {
      int index = indexOf(signature.inputs(), input.name(), "input");
      TensorSpec tensor = signature.inputs().get(index);
      inputDims[index] = dimension(tensor, input.dim());
      padValues[index] = PadValue.of(tensor.type(), input.padValue());
    }
    this.measured = indexOf(signature.inputs(), spec.inputs().getFirst().name(), "input");
    for (PaddingSpec.Output output : spec.outputs()) {
      int index = indexOf(signature.outputs(), output.name(), "output");
      outputDims[index] = dimension(signature.outputs().get(index), output.dim());
    }
    String maskName = spec.maskInput();
    this.mask = maskName == null ? NONE : indexOf(signature.inputs(), maskName, "input");
    this.real = mask == NONE ? null : mask(signature.inputs().get(mask));
  }

  private static int[] none(int count) {
    int[] dims = new int[count];
    Arrays.fill(dims, NONE);
    return dims;
  }

  private static int indexOf(List<TensorSpec> specs, String name, String kind)
      throws EngineException {
    List<String> names = specs.stream().map(TensorSpec::name).toList();
    int index = names.indexOf(name);
    if (index < 0) {
      throw new EngineException(
          "padding names %s '%s', the model has %s".formatted(kind, name, names));
    }
    return index;
  }

  private static int dimension(TensorSpec tensor, int dim) throws EngineException {
    boolean there = dim >= 1 && dim < tensor.shape().size() && tensor.shape().get(dim) < 0;
    if (!there || tensor.type() == DataType.BYTES) {
      throw new EngineException(
          "padding names dimension %d of '%s', which is %s %s; expected a number type and a dimension"
                  .formatted(dim, tensor.name(), tensor.type(), tensor.shape())
              + " after the first that is -1");
    }
    return dim;
  }

  private PadValue mask(TensorSpec tensor) throws EngineException {
    if (tensor.shape().size() != 2) {
      throw new EngineException(
          "padding's mask_input '%s' has shape %s, expected [-1, -1]"
              .formatted(tensor.name(), tensor.shape()));
    }
    inputDims[mask] = dimension(tensor, 1);
    padValues[mask] = PadValue.of(tensor.type(), 0);
    return PadValue.of(tensor.type(), 1);
  }

  /// Whether a request may leave out input `input`, because it is generated then.
  boolean generates(int input) {
    return input == mask;
  }

  /// The value of real elements in the generated mask.
  PadValue real() {
    return Objects.requireNonNull(real);
  }

  boolean isPadded(int input) {
    return inputDims[input] != NONE;
  }

  int inputDim(int input) {
    return inputDims[input];
  }

  PadValue padValue(int input) {
    return Objects.requireNonNull(padValues[input]);
  }

  /// The padded dimension of an output, or -1.
  int outputDim(int output) {
    return outputDims[output];
  }

  /// Length of a request with these shapes; a mask that is to be generated has none yet.
  long lengthOf(long[][] shapes) {
    return shapes[measured][inputDims[measured]];
  }

  /// The length at which a request of `length` runs.
  long bucketOf(long length) {
    for (int bucket : buckets) {
      if (bucket >= length) {
        return bucket;
      }
    }
    return length;
  }

  /// Why a request with these shapes is refused, or null: then a mask that is to be generated has
  /// got its shape.
  ///
  /// @param order see [InferCall.Binding]
  @Nullable String check(String model, long[][] shapes, int[] order, int rows) {
    long length = lengthOf(shapes);
    int longest = buckets[buckets.length - 1];
    if (length > longest && spec.refusesLonger()) {
      return "input '%s' has length %d for model '%s', expected at most %d, the largest bucket"
          .formatted(inputNames.get(measured), length, model, longest);
    }
    for (int i = 0; i < shapes.length; i++) {
      if (order[i] < 0) {
        shapes[i] = new long[] {rows, length};
      } else if (isPadded(i) && shapes[i][inputDims[i]] != length) {
        return "input '%s' has length %d for model '%s', but other inputs have %d"
            .formatted(inputNames.get(i), shapes[i][inputDims[i]], model, length);
      }
    }
    return null;
  }

  /// `shape` of input `input` as it runs.
  long[] runShape(int input, long[] shape, long bucket) {
    int dim = inputDims[input];
    if (dim == NONE || shape[dim] == bucket) {
      return shape;
    }
    long[] padded = shape.clone();
    padded[dim] = bucket;
    return padded;
  }
}
