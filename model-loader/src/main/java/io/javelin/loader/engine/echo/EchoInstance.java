package io.javelin.loader.engine.echo;

import io.javelin.loader.engine.DataType;
import io.javelin.loader.engine.EngineException;
import io.javelin.loader.engine.EngineInstance;
import io.javelin.loader.engine.ModelSignature;
import io.javelin.loader.engine.TensorSpec;
import io.javelin.loader.engine.instance.LengthPrefixed;
import io.javelin.loader.engine.instance.ReusedMemory;
import io.javelin.loader.engine.instance.RunGuard;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/// Runs an [EchoModel] in plain Java, with the same life of memory as an engine with native code.
final class EchoInstance implements EngineInstance {
  private final String label;
  private final RunGuard guard;
  private final EchoModel model;
  private final int maxRows;
  private final ReusedMemory[] inputs;
  private final long[] writtenBytes;
  private final ReusedMemory[] outputs;
  private final MemorySegment[] results;
  private final long[][] resultShapes;

  EchoInstance(String label, EchoModel model, int maxRows) throws EngineException {
    ModelSignature signature = model.signature();
    if (signature.batching() && maxRows < 1) {
      throw new EngineException("maxRows is " + maxRows + ", expected at least 1");
    }
    this.label = label;
    this.guard = new RunGuard(label);
    this.model = model;
    this.maxRows = maxRows;
    this.inputs = memories(signature.inputs().size());
    this.writtenBytes = new long[inputs.length];
    this.outputs = memories(signature.outputs().size());
    this.results = new MemorySegment[outputs.length];
    this.resultShapes = new long[outputs.length][];
  }

  private static ReusedMemory[] memories(int count) {
    ReusedMemory[] memories = new ReusedMemory[count];
    Arrays.setAll(memories, _ -> new ReusedMemory());
    return memories;
  }

  @Override
  public ModelSignature signature() {
    return model.signature();
  }

  @Override
  public MemorySegment input(int index, long bytes) {
    guard.requireIdle();
    writtenBytes[index] = bytes;
    return inputs[index].atLeast(bytes);
  }

  @Override
  public void run(long[][] shapes) throws EngineException {
    guard.enter();
    boolean succeeded = false;
    try {
      int rows = signature().rowsOf(shapes, maxRows);
      if (model.failsOnRun()) {
        throw new EngineException("told to fail on each run");
      }
      for (int i = 0; i < outputs.length; i++) {
        int input = model.rules().get(i).input();
        switch (model.rules().get(i).operation()) {
          case COPY -> copy(input, shapes[input], i);
          case SUM -> sum(input, shapes[input], rows, i);
        }
      }
      succeeded = true;
    } catch (EngineException e) {
      throw new EngineException(label + ": " + e.getMessage(), e);
    } finally {
      guard.leave(succeeded);
    }
  }

  private void copy(int input, long[] shape, int output) throws EngineException {
    long bytes = encodedBytes(input, shape);
    MemorySegment source = inputs[input].current().asSlice(0, bytes);
    results[output] = outputs[output].atLeast(bytes).asSlice(0, bytes).copyFrom(source);
    resultShapes[output] = shape.clone();
  }

  private void sum(int input, long[] shape, int rows, int output) throws EngineException {
    DataType type = signature().inputs().get(input).type();
    MemorySegment source = inputs[input].current();
    long rowElements = encodedBytes(input, shape) / type.elementBytes() / rows;
    long bytes = (long) rows * type.elementBytes();
    MemorySegment target = outputs[output].atLeast(bytes).asSlice(0, bytes);
    for (int row = 0; row < rows; row++) {
      RowSum.add(type, source, row * rowElements, rowElements, target, row);
    }
    results[output] = target;
    resultShapes[output] = signature().batching() ? new long[] {rows, 1} : new long[] {1};
  }

  /// Bytes of an input of this shape, all of which must have been asked for.
  private long encodedBytes(int index, long[] shape) throws EngineException {
    TensorSpec spec = signature().inputs().get(index);
    long elements = TensorSpec.elements(shape);
    if (spec.type() == DataType.BYTES) {
      return bytesOfElements(index, elements);
    }
    long written = writtenBytes[index];
    if (elements > written / spec.type().elementBytes()) {
      throw new EngineException(
          "input '%s' needs %d elements of %s, but %d bytes were written"
              .formatted(spec.name(), elements, spec.type(), written));
    }
    return elements * spec.type().elementBytes();
  }

  private long bytesOfElements(int index, long elements) throws EngineException {
    LengthPrefixed encoded = new LengthPrefixed(inputs[index].current(), writtenBytes[index]);
    for (long i = 0; i < elements; i++) {
      encoded.next();
    }
    encoded.requireEnd();
    return encoded.position();
  }

  @Override
  public MemorySegment output(int index) {
    guard.requireResult();
    return results[index];
  }

  @Override
  public long[] outputShape(int index) {
    guard.requireResult();
    return resultShapes[index];
  }

  @Override
  public void close() {
    if (guard.close()) {
      Arrays.stream(inputs).forEach(ReusedMemory::close);
      Arrays.stream(outputs).forEach(ReusedMemory::close);
    }
  }
}
