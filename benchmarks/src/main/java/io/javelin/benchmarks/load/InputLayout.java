package io.javelin.benchmarks.load;

import inference.ModelInferRequest;
import inference.ModelMetadataResponse;
import inference.ModelMetadataResponse.TensorMetadata;
import io.javelin.loader.engine.DataType;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;

/// How a model's rows lie in a request: the inputs in the server's order, every dimension known.
///
/// @param rows in each request
record InputLayout(String model, int rows, List<Input> inputs) {
  private static final int FREE = -1;

  /// One input tensor.
  ///
  /// @param shape with the batch dimension filled in
  /// @param rowElements elements of one row
  record Input(String name, DataType type, List<Long> shape, int rowElements) {}

  InputLayout {
    inputs = List.copyOf(inputs);
  }

  static InputLayout of(ModelMetadataResponse metadata, int rows) {
    if (rows < 1) {
      throw new IllegalArgumentException("rows per request must be at least 1: " + rows);
    }
    List<Input> inputs = new ArrayList<>();
    for (TensorMetadata tensor : metadata.getInputsList()) {
      inputs.add(input(tensor, rows));
    }
    return new InputLayout(metadata.getName(), rows, inputs);
  }

  private static Input input(TensorMetadata tensor, int rows) {
    List<Long> shape = new ArrayList<>(tensor.getShapeList());
    boolean batched = !shape.isEmpty() && shape.getFirst() == FREE;
    if (batched) {
      shape.set(0, (long) rows);
    } else if (rows != 1) {
      throw new IllegalArgumentException(
          "input '" + tensor.getName() + "' has no batch dimension: rows per request must be 1");
    }
    if (shape.contains((long) FREE)) {
      throw new IllegalArgumentException(
          "input '" + tensor.getName() + "' has a free dimension: " + tensor.getShapeList());
    }
    long elements = shape.stream().reduce(1L, Math::multiplyExact);
    return new Input(
        tensor.getName(),
        DataType.valueOf(tensor.getDatatype()),
        List.copyOf(shape),
        Math.toIntExact(elements / rows));
  }

  void requireColumns(int columns) {
    int expected = inputs.stream().mapToInt(Input::rowElements).sum();
    if (columns != expected) {
      throw new IllegalArgumentException(
          "model '%s' takes %d values per row, the file has %d columns beside the label"
              .formatted(model, expected, columns));
    }
  }

  /// A request whose elements are asked for one by one.
  ModelInferRequest encode(ToDoubleFunction<DataType> element) {
    ModelInferRequest.Builder request = newRequest();
    for (Input input : inputs) {
      int elements = input.rowElements() * rows;
      TensorWriter writer = new TensorWriter(input.type(), elements);
      for (int i = 0; i < elements; i++) {
        writer.put(element.applyAsDouble(input.type()));
      }
      request.addRawInputContents(writer.contents());
    }
    return request.build();
  }

  /// A request of `batch` rows, each with the values of all inputs side by side.
  ModelInferRequest encode(double[][] batch) {
    ModelInferRequest.Builder request = newRequest();
    int column = 0;
    for (Input input : inputs) {
      TensorWriter writer = new TensorWriter(input.type(), input.rowElements() * rows);
      for (double[] row : batch) {
        for (int i = 0; i < input.rowElements(); i++) {
          writer.put(row[column + i]);
        }
      }
      request.addRawInputContents(writer.contents());
      column += input.rowElements();
    }
    return request.build();
  }

  private ModelInferRequest.Builder newRequest() {
    ModelInferRequest.Builder request = ModelInferRequest.newBuilder().setModelName(model);
    for (Input input : inputs) {
      request
          .addInputsBuilder()
          .setName(input.name())
          .setDatatype(input.type().name())
          .addAllShape(input.shape());
    }
    return request;
  }
}
