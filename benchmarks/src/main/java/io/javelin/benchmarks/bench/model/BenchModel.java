package io.javelin.benchmarks.bench.model;

import com.google.protobuf.ByteString;
import inference.ModelInferRequest;
import inference.ModelInferRequest.InferInputTensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;

/// A model that benchmarks serve: its file and rows for it. All have one input `x` and one output
/// `y`, and random weights: they cost what a trained model of the same shape costs.
///
/// @param name in requests and of the folder in the registry
/// @param description shape in a few words
/// @param input element type of the input, as ONNX names it
/// @param rowShape dimensions of one row, without the batch
/// @param tokens bound of whole-number inputs; 0 for real ones
/// @param file content of the ONNX file
public record BenchModel(
    String name,
    String description,
    Input input,
    List<Long> rowShape,
    int tokens,
    FileContent file) {
  /// Name of the input tensor.
  public static final String INPUT = "x";

  /// Name of the output tensor.
  public static final String OUTPUT = "y";

  private static final long SEED = 20260301;

  /// What the input holds.
  public enum Input {
    /// Reals.
    FP32(Float.BYTES),
    /// Token numbers.
    INT64(Long.BYTES);

    private final int bytes;

    Input(int bytes) {
      this.bytes = bytes;
    }
  }

  /// Writes the file anew, so that a list of models costs no memory.
  @FunctionalInterface
  public interface FileContent {
    /// The bytes of `model.onnx`.
    byte[] write();
  }

  public BenchModel {
    rowShape = List.copyOf(rowShape);
  }

  /// Tabular: 32-128-64-1, rows of 128 bytes.
  public static BenchModel mlp() {
    return new BenchModel(
        "mlp",
        "tabular 32-128-64-1, 128-byte rows",
        Input.FP32,
        List.of(32L),
        0,
        () -> ModelGraphs.mlp(SEED));
  }

  /// Small image classifier on 28 x 28 pixels.
  public static BenchModel cnn() {
    return new BenchModel(
        "cnn",
        "28x28, conv 16, conv 32, fc 64, 10 classes; 3,136-byte rows",
        Input.FP32,
        List.of(1L, 28L, 28L),
        0,
        () -> ModelGraphs.cnn(SEED));
  }

  /// Small transformer on 64 tokens.
  public static BenchModel tx() {
    return new BenchModel(
        "tx",
        "transformer, 2 layers, d 128, 4 heads, ff 512, 64 tokens of 8192",
        Input.INT64,
        List.of((long) ModelGraphs.TX_TOKENS),
        ModelGraphs.TX_VOCABULARY,
        () -> ModelGraphs.transformer(SEED));
  }

  /// The mean of a row of `bytes` bytes: next to no computing, so that what remains is the
  /// transport of a large tensor.
  public static BenchModel mean(int bytes) {
    if (bytes < Float.BYTES || bytes % Float.BYTES != 0) {
      throw new IllegalArgumentException("payload must be a multiple of 4 bytes, got " + bytes);
    }
    long floats = bytes / Float.BYTES;
    return new BenchModel(
        "mean",
        "mean of a row of " + bytes + " bytes",
        Input.FP32,
        List.of(floats),
        0,
        () -> ModelGraphs.mean(floats));
  }

  /// The models that have a name of their own.
  public static List<BenchModel> all() {
    return List.of(mlp(), cnn(), tx());
  }

  /// The model with a name.
  ///
  /// @throws IllegalArgumentException naming those that exist when `name` is none of them
  public static BenchModel named(String name) {
    return all().stream()
        .filter(model -> model.name().equals(name))
        .findFirst()
        .orElseThrow(() ->
            new IllegalArgumentException(
                "expected model %s, got '%s'"
                    .formatted(
                        String.join(", ", all().stream().map(BenchModel::name).toList()), name)));
  }

  /// Bytes of one row.
  public int rowBytes() {
    return Math.toIntExact(rowShape.stream().reduce((long) input.bytes, Math::multiplyExact));
  }

  /// `rows` random rows as the tensor's bytes.
  public ByteBuffer randomRows(int rows, SplittableRandom random) {
    ByteBuffer bytes =
        ByteBuffer.allocate(Math.multiplyExact(rowBytes(), rows)).order(ByteOrder.LITTLE_ENDIAN);
    while (bytes.hasRemaining()) {
      switch (input) {
        case FP32 -> bytes.putFloat((float) random.nextDouble());
        case INT64 -> bytes.putLong(random.nextInt(tokens));
      }
    }
    return bytes.flip();
  }

  /// `count` different serialised requests of one row each, the same for the same seed.
  public List<byte[]> requests(int count, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    return Stream.generate(() -> request(random)).limit(count).toList();
  }

  private byte[] request(SplittableRandom random) {
    List<Long> shape = new ArrayList<>(List.of(1L));
    shape.addAll(rowShape);
    return ModelInferRequest.newBuilder()
        .setModelName(name)
        .addInputs(
            InferInputTensor.newBuilder()
                .setName(INPUT)
                .setDatatype(input.name())
                .addAllShape(shape))
        .addRawInputContents(ByteString.copyFrom(randomRows(1, random)))
        .build()
        .toByteArray();
  }
}
