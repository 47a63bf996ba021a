package io.javelin.loader.engine.onnx;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import io.javelin.loader.engine.EngineException;
import io.javelin.loader.engine.EngineInstance;
import io.javelin.loader.engine.ModelSignature;
import io.javelin.loader.engine.instance.RunGuard;
import java.lang.foreign.MemorySegment;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// One ONNX Runtime session with the memory of its inputs and outputs.
///
/// The maps handed to the session are made once; a run only replaces their values. With fixed rows
/// and types that memory can be wrapped as, a run makes no tensor either, and what is left is the
/// Java API's own garbage of a few hundred bytes.
final class OnnxInstance implements EngineInstance {
  private final String label;
  private final RunGuard guard;
  private final OrtSession session;
  private final StoppableRun stoppable;
  private final ModelSignature signature;
  private final int maxRows;
  private final List<InputSlot> inputs;
  private final List<OutputSlot> outputs;
  private final Map<String, OnnxTensor> inputTensors = new LinkedHashMap<>();
  private final Map<String, OnnxTensor> pinnedTensors = new LinkedHashMap<>();

  /// Names of the outputs that ONNX Runtime allocates, in the order of the signature.
  private final Set<String> allocated = new LinkedHashSet<>();

  /// Owns `session`, `stoppable` and the slots from now on.
  ///
  /// @param label what messages call this instance
  OnnxInstance(
      String label,
      OrtSession session,
      StoppableRun stoppable,
      ModelSignature signature,
      int maxRows,
      List<InputSlot> inputs,
      List<OutputSlot> outputs) {
    this.label = label;
    this.guard = new RunGuard(label);
    this.session = session;
    this.stoppable = stoppable;
    this.signature = signature;
    this.maxRows = maxRows;
    this.inputs = List.copyOf(inputs);
    this.outputs = List.copyOf(outputs);
    for (int i = 0; i < outputs.size(); i++) {
      if (outputs.get(i) instanceof CopiedOutput) {
        allocated.add(signature.outputs().get(i).name());
      }
    }
  }

  @Override
  public ModelSignature signature() {
    return signature;
  }

  @Override
  public MemorySegment input(int index, long bytes) {
    guard.requireIdle();
    return inputs.get(index).memory(bytes);
  }

  @Override
  public void run(long[][] shapes) throws EngineException {
    guard.enter();
    boolean succeeded = false;
    try {
      int rows = signature.rowsOf(shapes, maxRows);
      bind(shapes, rows);
      try (OrtSession.Result result = runSession()) {
        collect(result, rows);
      }
      succeeded = true;
    } catch (OrtException e) {
      throw new EngineException(label + ": " + e.getMessage(), e);
    } finally {
      inputs.forEach(InputSlot::release);
      guard.leave(succeeded);
    }
  }

  private OrtSession.Result runSession() throws OrtException {
    try {
      return session.run(inputTensors, allocated, pinnedTensors, stoppable.begin());
    } finally {
      stoppable.end();
    }
  }

  @Override
  public void terminate() {
    stoppable.stop();
  }

  private void bind(long[][] shapes, int rows) throws OrtException, EngineException {
    for (int i = 0; i < inputs.size(); i++) {
      inputTensors.put(signature.inputs().get(i).name(), inputs.get(i).bind(rows, shapes[i]));
    }
    for (int i = 0; i < outputs.size(); i++) {
      if (outputs.get(i) instanceof PinnedOutput pinned) {
        pinnedTensors.put(signature.outputs().get(i).name(), pinned.target(rows));
      }
    }
  }

  /// A result lists the pinned outputs first, then the allocated ones.
  private void collect(OrtSession.Result result, int rows) throws OrtException, EngineException {
    int next = pinnedTensors.size();
    for (OutputSlot output : outputs) {
      if (output instanceof CopiedOutput copied) {
        copied.collect(result.get(next++), rows);
      }
    }
  }

  @Override
  public MemorySegment output(int index) {
    guard.requireResult();
    return outputs.get(index).bytes();
  }

  @Override
  public long[] outputShape(int index) {
    guard.requireResult();
    return outputs.get(index).shape();
  }

  @Override
  public void close() {
    if (!guard.close()) {
      return;
    }
    inputs.forEach(InputSlot::close);
    outputs.forEach(OutputSlot::close);
    stoppable.close();
    try {
      session.close();
    } catch (OrtException e) {
      throw new IllegalStateException(label + ": cannot close: " + e.getMessage(), e);
    }
  }
}
