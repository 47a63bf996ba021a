package io.javelin.loader.engine.onnx;

import ai.onnxruntime.MapInfo;
import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.SequenceInfo;
import ai.onnxruntime.TensorInfo;
import ai.onnxruntime.ValueInfo;
import io.javelin.loader.engine.DataType;
import io.javelin.loader.engine.EngineException;
import io.javelin.loader.engine.ModelSignature;
import io.javelin.loader.engine.TensorSpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// Reads what a model takes and gives from its open session, in the order of the graph.
///
/// A model batches when the first dimension of every input and output is dynamic and no two of them
/// have different names; a dimension without a name agrees with any. Two names may be two sizes,
/// such as rows in and detections out, and joining such rows would mix up requests: a model whose
/// exporter named one axis differently in two places runs unbatched until the names agree.
///
/// ONNX Runtime shows a tensor of unknown rank as a scalar, so such an input accepts scalars only.
final class SignatureReader {
  private final List<TensorSpec> inputs = new ArrayList<>();
  private final List<TensorSpec> outputs = new ArrayList<>();
  private final Set<String> firstDimensionNames = new HashSet<>();
  private boolean allFirstDimensionsDynamic = true;

  private SignatureReader() {}

  static ModelSignature read(OrtSession session) throws EngineException {
    try {
      SignatureReader reader = new SignatureReader();
      reader.readAll("input", session.getInputInfo().values(), reader.inputs);
      reader.readAll("output", session.getOutputInfo().values(), reader.outputs);
      return new ModelSignature(reader.inputs, reader.outputs, reader.isBatching());
    } catch (OrtException e) {
      throw new EngineException("cannot read inputs and outputs: " + e.getMessage(), e);
    }
  }

  private boolean isBatching() {
    return !inputs.isEmpty() && allFirstDimensionsDynamic && firstDimensionNames.size() <= 1;
  }

  private void readAll(String side, Collection<NodeInfo> nodes, List<TensorSpec> target)
      throws EngineException {
    for (NodeInfo node : nodes) {
      if (!(node.getInfo() instanceof TensorInfo tensor)) {
        throw notATensor(side, node);
      }
      DataType type = ElementTypes.of(tensor.onnxType);
      if (type == null) {
        throw new EngineException(
            "%s '%s' has elements of type %s, which cannot be served"
                .formatted(side, node.getName(), tensor.onnxType));
      }
      List<Long> shape =
          Arrays.stream(tensor.getShape()).map(d -> Math.max(-1, d)).boxed().toList();
      target.add(new TensorSpec(node.getName(), type, shape));
      noteFirstDimension(shape, tensor.getDimensionNames());
    }
  }

  private void noteFirstDimension(List<Long> shape, String[] names) {
    if (shape.isEmpty() || shape.get(0) >= 0) {
      allFirstDimensionsDynamic = false;
    } else if (!names[0].isEmpty()) {
      firstDimensionNames.add(names[0]);
    }
  }

  private static EngineException notATensor(String side, NodeInfo node) {
    return new EngineException(
        "%s '%s' is %s, and only tensors can be served; export a scikit-learn classifier with zipmap=False"
            .formatted(side, node.getName(), kind(node.getInfo())));
  }

  private static String kind(ValueInfo info) {
    return switch (info) {
      case SequenceInfo sequence when sequence.isSequenceOfMaps() -> "a sequence of maps";
      case SequenceInfo _ -> "a sequence";
      case MapInfo _ -> "a map";
      default -> "not a tensor";
    };
  }
}
