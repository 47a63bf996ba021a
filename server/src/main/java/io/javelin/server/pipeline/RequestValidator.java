package io.javelin.server.pipeline;

import io.javelin.loader.engine.DataType;
import io.javelin.loader.engine.ModelSignature;
import io.javelin.loader.engine.TensorSpec;
import io.javelin.server.pipeline.InferRequest.Input;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// Checks a request against a model's signature before it may enter a batch, so that nothing the
/// runtime would reject can harm other requests. Pure and thread-safe.
///
/// The first mistake in the order of the request is reported. Order of checks and wording: Triton's
/// (names, presence of data, type, shape, batch, byte size).
final class RequestValidator {
  /// The batch key of every request to a model whose row shapes are fixed.
  static final Object FIXED_SHAPE = "fixed";

  private final String model;
  private final ModelSignature signature;
  private final int[] allOutputs;
  private final boolean fixedRows;
  private final @Nullable PaddingPlan padding;

  /// What validation found out: exactly one of the two.
  sealed interface Result {
    /// See [InferCall.Binding] for the components.
    record Valid(int rows, int[] order, long[][] shapes, int[] outputs, Object batchKey)
        implements Result {}

    record Invalid(Refusal refusal) implements Result {}
  }

  RequestValidator(String model, ModelSignature signature) {
    this(model, signature, null);
  }

  /// @param padding how lengths are brought together, null = not at all
  RequestValidator(String model, ModelSignature signature, @Nullable PaddingPlan padding) {
    this.model = model;
    this.padding = padding;
    this.signature = signature;
    this.allOutputs = IntStream.range(0, signature.outputs().size()).toArray();
    this.fixedRows = signature.inputs().stream().allMatch(this::hasFixedRows);
  }

  Result validate(InferRequest request, int maxRows) {
    try {
      int[] order = matchInputs(request.inputs());
      int rows = rows(request, order, maxRows);
      long[][] shapes = new long[order.length][];
      for (int i = 0; i < order.length; i++) {
        if (order[i] >= 0) {
          Input input = request.inputs().get(order[i]);
          checkSize(input, signature.inputs().get(i));
          shapes[i] = input.shape();
        }
      }
      if (padding != null) {
        String complaint = padding.check(model, shapes, order, rows);
        if (complaint != null) {
          throw new InvalidRequest(complaint);
        }
      }
      return new Result.Valid(rows, order, shapes, matchOutputs(request), batchKey(shapes));
    } catch (InvalidRequest e) {
      return new Result.Invalid(e.refusal);
    }
  }

  private boolean hasFixedRows(TensorSpec spec) {
    int first = signature.batching() ? 1 : 0;
    return spec.shape().stream().skip(first).allMatch(d -> d >= 0);
  }

  private int[] matchInputs(List<Input> inputs) throws InvalidRequest {
    int[] order = new int[signature.inputs().size()];
    Arrays.fill(order, -1);
    for (int r = 0; r < inputs.size(); r++) {
      String name = inputs.get(r).name();
      int index = indexOf(signature.inputs(), name);
      if (index < 0) {
        throw new InvalidRequest(
            "unexpected inference input '%s' for model '%s', expected %s"
                .formatted(name, model, names(signature.inputs())));
      }
      if (order[index] >= 0) {
        throw new InvalidRequest(
            "input '%s' already exists in request for model '%s'".formatted(name, model));
      }
      order[index] = r;
    }
    for (int i = 0; i < order.length; i++) {
      if (order[i] < 0 && !isGenerated(i)) {
        throw missing(inputs, order);
      }
    }
    return order;
  }

  private boolean isGenerated(int input) {
    return padding != null && padding.generates(input);
  }

  private InvalidRequest missing(List<Input> inputs, int[] order) {
    List<String> missing = new ArrayList<>();
    for (int i = 0; i < order.length; i++) {
      if (order[i] < 0 && !isGenerated(i)) {
        missing.add("'" + signature.inputs().get(i).name() + "'");
      }
    }
    List<String> got = inputs.stream().map(input -> "'" + input.name() + "'").toList();
    return new InvalidRequest(
        ("expected %d inputs but got %d inputs for model '%s'. Got input(s) %s, but missing required"
                + " input(s) %s. Please provide all required input(s).")
            .formatted(order.length, inputs.size(), model, got, missing));
  }

  /// Checks types and shapes; returns the number of rows.
  private int rows(InferRequest request, int[] order, int maxRows) throws InvalidRequest {
    long rows = signature.batching() ? -1 : 1;
    for (int i = 0; i < order.length; i++) {
      if (order[i] < 0) {
        continue; // Generated.
      }
      TensorSpec spec = signature.inputs().get(i);
      Input input = request.inputs().get(order[i]);
      if (input.data() == null) {
        throw new InvalidRequest(
            "unable to find data for input tensor '%s' for model '%s' in request."
                .formatted(spec.name(), model));
      }
      if (!spec.type().name().equals(input.datatype())) {
        throw new InvalidRequest(
            "inference input '%s' data-type is '%s', but model '%s' expects '%s'"
                .formatted(spec.name(), input.datatype(), model, spec.type()));
      }
      checkShape(input, spec);
      if (signature.batching()) {
        if (rows >= 0 && rows != input.shape()[0]) {
          throw new InvalidRequest(
              "input '%s' batch size does not match other inputs for '%s': expected %d, got %d"
                  .formatted(spec.name(), model, rows, input.shape()[0]));
        }
        rows = input.shape()[0];
      }
    }
    return checkRows(rows, maxRows);
  }

  private int checkRows(long rows, int maxRows) throws InvalidRequest {
    if (rows < 1) {
      throw new InvalidRequest(
          "inference request batch-size must be >= 1 for '%s', got %d".formatted(model, rows));
    }
    if (rows > maxRows) {
      throw new InvalidRequest(
          "inference request batch-size must be <= %d for '%s', got %d"
              .formatted(maxRows, model, rows));
    }
    return (int) rows;
  }

  private void checkShape(Input input, TensorSpec spec) throws InvalidRequest {
    long[] shape = input.shape();
    if (shape.length == 0 && signature.batching()) {
      throw new InvalidRequest(
          "input '%s' has no shape but model requires batch dimension for '%s'"
              .formatted(spec.name(), model));
    }
    boolean fits = shape.length == spec.shape().size();
    for (int d = 0; fits && d < shape.length; d++) {
      long expected = spec.shape().get(d);
      if (shape[d] < 0 && !(d == 0 && signature.batching())) {
        throw new InvalidRequest(
            "All input dimensions should be specified for input '%s' for model '%s', got %s"
                .formatted(spec.name(), model, text(shape)));
      }
      fits = expected < 0 || expected == shape[d];
    }
    if (!fits) {
      throw new InvalidRequest(
          "unexpected shape for input '%s' for model '%s'. Expected %s, got %s. %s"
              .formatted(
                  spec.name(),
                  model,
                  text(spec.shape().stream().mapToLong(Long::longValue).toArray()),
                  text(shape),
                  signature.batching() ? "The first dimension is the batch." : ""));
    }
  }

  private void checkSize(Input input, TensorSpec spec) throws InvalidRequest {
    TensorBytes data = input.data();
    if (data == null) {
      return; // Refused above; repeated for the null checker only.
    }
    long elements = 1;
    try {
      for (long d : input.shape()) {
        elements = Math.multiplyExact(elements, d);
      }
      if (spec.type().isFixedSize()) {
        long expected = Math.multiplyExact(elements, (long) spec.type().elementBytes());
        if (expected != data.size()) {
          throw new InvalidRequest(
              "input byte size mismatch for input '%s' for model '%s'. Expected %d, got %d"
                  .formatted(spec.name(), model, expected, data.size()));
        }
      }
    } catch (ArithmeticException e) {
      throw new InvalidRequest(
          "input byte size mismatch for input '%s' for model '%s'. Shape %s is too large, got %d"
              .formatted(spec.name(), model, text(input.shape()), data.size()));
    }
    if (spec.type() == DataType.BYTES) {
      checkStrings(data, elements, spec.name());
    }
  }

  private void checkStrings(TensorBytes data, long expected, String name) throws InvalidRequest {
    long at = 0;
    long found = 0;
    while (at < data.size()) {
      long left = data.size() - at;
      if (left < Integer.BYTES) {
        throw new InvalidRequest(
            ("incomplete string length indicator for inference input '%s' for model '%s', expecting"
                    + " 4 bytes but only %d bytes available.")
                .formatted(name, model, left));
      }
      long length = Integer.toUnsignedLong(data.intAt(at));
      if (length > left - Integer.BYTES) {
        throw new InvalidRequest(
            ("incomplete string data for inference input '%s' for model '%s', expecting string of"
                    + " length %d but only %d bytes available")
                .formatted(name, model, length, left - Integer.BYTES));
      }
      at += Integer.BYTES + length;
      found++;
      if (found > expected) {
        throw new InvalidRequest(
            "unexpected number of string elements %d for inference input '%s' for model '%s',"
                    .formatted(found, name, model)
                + " expecting "
                + expected);
      }
    }
    if (found < expected) {
      throw new InvalidRequest(
          "expected %d string elements for inference input '%s' for model '%s', got %d"
              .formatted(expected, name, model, found));
    }
  }

  private int[] matchOutputs(InferRequest request) throws InvalidRequest {
    List<String> wanted = request.requestedOutputs();
    if (wanted.isEmpty()) {
      return allOutputs;
    }
    int[] outputs = new int[wanted.size()];
    for (int i = 0; i < outputs.length; i++) {
      String name = wanted.get(i);
      outputs[i] = indexOf(signature.outputs(), name);
      if (outputs[i] < 0) {
        throw new InvalidRequest(
            "unexpected inference output '%s' for model '%s', expected one of %s"
                .formatted(name, model, names(signature.outputs())));
      }
      if (wanted.indexOf(name) != i) {
        throw new InvalidRequest(
            "output '%s' already exists in request for model '%s'".formatted(name, model));
      }
    }
    Arrays.sort(outputs);
    return outputs;
  }

  private Object batchKey(long[][] shapes) {
    if (fixedRows) {
      return FIXED_SHAPE;
    }
    int first = signature.batching() ? 1 : 0;
    List<List<Long>> key = new ArrayList<>(shapes.length);
    for (int i = 0; i < shapes.length; i++) {
      key.add(Arrays.stream(runShape(shapes, i)).skip(first).boxed().toList());
    }
    return key;
  }

  private long[] runShape(long[][] shapes, int input) {
    return padding == null
        ? shapes[input]
        : padding.runShape(input, shapes[input], padding.bucketOf(padding.lengthOf(shapes)));
  }

  private static int indexOf(List<TensorSpec> specs, String name) {
    for (int i = 0; i < specs.size(); i++) {
      if (specs.get(i).name().equals(name)) {
        return i;
      }
    }
    return -1;
  }

  private static List<String> names(List<TensorSpec> specs) {
    return specs.stream().map(spec -> "'" + spec.name() + "'").toList();
  }

  private static String text(long[] shape) {
    return Arrays.toString(shape).replace(" ", "");
  }

  /// Carries a refusal out of the nested checks.
  private static final class InvalidRequest extends Exception {
    private static final long serialVersionUID = 1L;
    private final transient Refusal refusal;

    InvalidRequest(String message) {
      super(message, null, false, false);
      this.refusal = new Refusal.InvalidArgument(message);
    }
  }
}
