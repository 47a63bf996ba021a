package io.javelin.benchmarks.bench.server;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxTensorLike;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.TensorInfo;
import io.javelin.benchmarks.bench.model.BenchModel;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.stream.LongStream;

/// ONNX Runtime without a server: one session with one thread, input and output in memory that is
/// used again, one run after another.
///
/// Arguments: model name, model file. Prints `ready`; then each line `<rows> <milliseconds>` on its
/// input is answered by `<runs> <nanoseconds> <CPU nanoseconds>`. Ends with its input. One thread.
public final class OrtLoop implements AutoCloseable {
  private static final long SEED = 1;

  private final BenchModel model;
  private final OrtEnvironment environment = OrtEnvironment.getEnvironment();
  private final OrtSession session;
  private final LongSupplier nanoClock;

  OrtLoop(BenchModel model, String file, LongSupplier nanoClock) throws OrtException {
    this.model = model;
    this.nanoClock = nanoClock;
    try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
      options.setIntraOpNumThreads(1);
      session = environment.createSession(file, options);
    }
  }

  /// What one command did.
  ///
  /// @param runs of `rows` rows each
  record Pass(long runs, long nanos, long cpuNanos) {
    @Override
    public String toString() {
      return runs + " " + nanos + " " + cpuNanos;
    }
  }

  /// Obeys commands until the input ends.
  public static void main(String[] arguments) throws OrtException, IOException {
    try (OrtLoop loop =
            new OrtLoop(BenchModel.named(arguments[0]), arguments[1], System::nanoTime);
        BufferedReader commands =
            new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
      System.out.println("ready");
      for (String line = commands.readLine(); line != null; line = commands.readLine()) {
        int space = line.indexOf(' ');
        int rows = Integer.parseInt(line.substring(0, space));
        long millis = Long.parseLong(line.substring(space + 1));
        System.out.println(loop.run(rows, TimeUnit.MILLISECONDS.toNanos(millis)));
      }
    }
  }

  /// Runs batches of `rows` rows for a time.
  Pass run(int rows, long lengthNanos) throws OrtException {
    try (OnnxTensor input = input(rows);
        OnnxTensor output = output(rows)) {
      Map<String, OnnxTensorLike> inputs = Map.of(BenchModel.INPUT, input);
      Map<String, OnnxTensorLike> outputs = Map.of(BenchModel.OUTPUT, output);
      var threads = ManagementFactory.getThreadMXBean();
      long cpuBefore = threads.getCurrentThreadCpuTime();
      long begin = nanoClock.getAsLong();
      long runs = 0;
      long now = begin;
      for (; now - begin < lengthNanos; now = nanoClock.getAsLong()) {
        session.run(inputs, outputs).close();
        runs++;
      }
      return new Pass(runs, now - begin, threads.getCurrentThreadCpuTime() - cpuBefore);
    }
  }

  private OnnxTensor input(int rows) throws OrtException {
    ByteBuffer heap = model.randomRows(rows, new SplittableRandom(SEED));
    ByteBuffer bytes = ByteBuffer.allocateDirect(heap.remaining()).order(ByteOrder.LITTLE_ENDIAN);
    bytes.put(heap).flip();
    long[] shape =
        LongStream.concat(LongStream.of(rows), model.rowShape().stream().mapToLong(Long::longValue))
            .toArray();
    return switch (model.input()) {
      case FP32 -> OnnxTensor.createTensor(environment, bytes.asFloatBuffer(), shape);
      case INT64 -> OnnxTensor.createTensor(environment, bytes.asLongBuffer(), shape);
    };
  }

  private OnnxTensor output(int rows) throws OrtException {
    TensorInfo info = (TensorInfo) session.getOutputInfo().values().iterator().next().getInfo();
    long[] shape = info.getShape().clone();
    shape[0] = rows;
    int floats = Math.toIntExact(LongStream.of(shape).reduce(1, Math::multiplyExact));
    FloatBuffer memory =
        ByteBuffer.allocateDirect(floats * Float.BYTES)
            .order(ByteOrder.LITTLE_ENDIAN)
            .asFloatBuffer();
    return OnnxTensor.createTensor(environment, memory, shape);
  }

  @Override
  public void close() throws OrtException {
    session.close();
  }
}
