package io.javelin.loader.engine;

import java.util.Arrays;
import java.util.List;

/// What a model takes and gives, read from the model file itself.
///
/// @param batching whether the first dimension of every input and output is dynamic: rows of
///   several requests can be joined. Otherwise each request runs alone, with its full shape.
public record ModelSignature(List<TensorSpec> inputs, List<TensorSpec> outputs, boolean batching) {

  /// Copies the lists.
  public ModelSignature {
    inputs = List.copyOf(inputs);
    outputs = List.copyOf(outputs);
  }

  /// Checks the shapes of one run before the runtime sees them: number of inputs, rank, fixed
  /// dimensions and, for a batching model, the same number of rows everywhere.
  ///
  /// @param maxRows most rows of one run; ignored for a model without a batch dimension
  /// @return the rows of this run, 1 for a model without a batch dimension
  /// @throws EngineException that names the input, what it has and what it should have
  public int rowsOf(long[][] shapes, int maxRows) throws EngineException {
    if (shapes.length != inputs.size()) {
      throw new EngineException(
          "got shapes of %d inputs, expected %d".formatted(shapes.length, inputs.size()));
    }
    for (int i = 0; i < shapes.length; i++) {
      TensorSpec spec = inputs.get(i);
      if (!spec.admits(shapes[i])) {
        throw new EngineException(
            "input '%s' has shape %s, expected %s"
                .formatted(spec.name(), Arrays.toString(shapes[i]), spec.shape()));
      }
    }
    return batching && shapes.length > 0 ? sameRows(shapes, maxRows) : 1;
  }

  private int sameRows(long[][] shapes, int maxRows) throws EngineException {
    long rows = shapes[0][0];
    if (rows < 1 || rows > maxRows) {
      throw new EngineException(
          "input '%s' has %d rows, expected 1 to %d"
              .formatted(inputs.get(0).name(), rows, maxRows));
    }
    for (int i = 1; i < shapes.length; i++) {
      if (shapes[i][0] != rows) {
        throw new EngineException(
            "input '%s' has %d rows, but '%s' has %d"
                .formatted(inputs.get(i).name(), shapes[i][0], inputs.get(0).name(), rows));
      }
    }
    return (int) rows;
  }
}
