package io.javelin.server.pipeline;

import io.javelin.loader.engine.DataType;
import io.javelin.loader.engine.Engine;
import io.javelin.loader.engine.EngineException;
import io.javelin.loader.engine.EngineInstance;
import io.javelin.loader.engine.InstanceConfig;
import io.javelin.loader.engine.ModelSignature;
import io.javelin.loader.engine.TensorSpec;
import io.javelin.loader.store.ModelArtifact;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;

/// An engine whose model adds 1 to rows of two floats. A row whose first value is NaN makes the
/// whole run fail, as a bad value does in a real runtime. Runs can be held back by the test.
final class PuppetEngine implements Engine {
  static final int WIDTH = 2;

  static final ModelSignature SIGNATURE =
      new ModelSignature(
          List.of(new TensorSpec("x", DataType.FP32, List.of(-1L, (long) WIDTH))),
          List.of(new TensorSpec("y", DataType.FP32, List.of(-1L, (long) WIDTH))),
          true);

  final AtomicInteger runs = new AtomicInteger();

  /// Runs still to fail.
  final AtomicInteger failures = new AtomicInteger();

  final AtomicInteger open = new AtomicInteger();

  private final Semaphore permits;
  private volatile String lastInput = "";

  /// Told of the rows of each run that may go on: a test's clock may go on, too.
  volatile IntConsumer onRun = rows -> {};

  /// @param permits runs allowed before the next one waits for [#allow]
  PuppetEngine(int permits) {
    this.permits = new Semaphore(permits);
  }

  /// What the last run was given.
  String lastInput() {
    return lastInput;
  }

  void allow(int count) {
    permits.release(count);
  }

  /// What [#runsLoops] says.
  volatile boolean loops;

  @Override
  public boolean runsLoops(ModelArtifact artifact) {
    return loops;
  }

  /// Takes back one permit of [#allow].
  void deny() {
    permits.acquireUninterruptibly();
  }

  @Override
  public String name() {
    return "puppet";
  }

  @Override
  public String platform() {
    return "puppet";
  }

  @Override
  public String modelFileName() {
    return "model.puppet";
  }

  @Override
  public EngineInstance open(ModelArtifact artifact, InstanceConfig config) {
    open.incrementAndGet();
    return new Instance();
  }

  @Override
  public void close() {}

  private final class Instance implements EngineInstance {
    private final Arena arena = Arena.ofShared();
    private MemorySegment input = MemorySegment.NULL;
    private MemorySegment output = MemorySegment.NULL;
    private long rows;

    @Override
    public ModelSignature signature() {
      return SIGNATURE;
    }

    @Override
    public MemorySegment input(int index, long bytes) {
      if (input.byteSize() < bytes) {
        input = arena.allocate(bytes, Float.BYTES);
        output = arena.allocate(bytes, Float.BYTES);
      }
      return input;
    }

    @Override
    public void run(long[][] shapes) throws EngineException {
      runs.incrementAndGet();
      permits.acquireUninterruptibly();
      permits.release();
      rows = shapes[0][0];
      onRun.accept((int) rows);
      lastInput =
          Arrays.toString(
              input.asSlice(0, rows * WIDTH * Float.BYTES).toArray(ValueLayout.JAVA_FLOAT));
      if (failures.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
        throw new EngineException("told to fail");
      }
      for (long i = 0; i < rows * WIDTH; i++) {
        float value = input.getAtIndex(ValueLayout.JAVA_FLOAT, i);
        if (Float.isNaN(value)) {
          throw new EngineException("row " + i / WIDTH + " is not a number");
        }
        output.setAtIndex(ValueLayout.JAVA_FLOAT, i, value + 1);
      }
    }

    @Override
    public MemorySegment output(int index) {
      return output.asSlice(0, rows * WIDTH * Float.BYTES);
    }

    @Override
    public long[] outputShape(int index) {
      return new long[] {rows, WIDTH};
    }

    @Override
    public void close() {
      arena.close();
      open.decrementAndGet();
    }
  }
}
