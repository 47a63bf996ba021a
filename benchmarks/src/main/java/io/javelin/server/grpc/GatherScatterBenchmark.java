package io.javelin.server.grpc;

import io.javelin.server.pipeline.EchoBatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/// What the server adds around a model's run: gather the rows of a batch from the received
/// messages, and scatter the results to the answers. The model copies its input to its output.
///
/// Time and B/op are those of a whole batch. `copies` is the floor: the same bytes, moved as often
/// (in, through the model, out), and nothing else. `calls` is the part of `batch` that the
/// benchmark itself adds, because a call can be answered only once; the server pays it too, but on
/// its event loop.
///
/// ```
/// java --enable-native-access=ALL-UNNAMED -cp 'benchmarks/target/dist/lib/*' org.openjdk.jmh.Main \
///     GatherScatterBenchmark -prof gc
/// ```
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@State(Scope.Thread)
@Fork(1)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
public class GatherScatterBenchmark {
  /// Requests of one row, and the elements of the row.
  public enum Shape {
    /// One request of 128 bytes.
    ONE(1, 32),
    /// Eight of 128 bytes.
    EIGHT(8, 32),
    /// 32 of 128 bytes.
    THIRTY_TWO(32, 32),
    /// 64 of 128 bytes.
    SIXTY_FOUR(64, 32),
    /// Eight images of 600 KB, each received in frames.
    EIGHT_IMAGES(8, 224 * 224 * 3);

    private final int requests;
    private final int floats;

    Shape(int requests, int floats) {
      this.requests = requests;
      this.floats = floats;
    }

    int requests() {
      return requests;
    }

    int floats() {
      return floats;
    }
  }

  /// The batch.
  @Param Shape shape = Shape.ONE;

  private @Nullable Prepared prepared;

  /// Decodes the requests, each in memory of its own, and opens the model.
  @Setup
  public void prepare() {
    SampleRequest sample = SampleRequest.ofFloats(shape.floats);
    DrainedReplies replies = new DrainedReplies(shape.floats * Float.BYTES);
    prepared =
        new Prepared(
            new EchoBatch(
                Stream.generate(sample::decoded).limit(shape.requests).toList(),
                shape.floats,
                replies),
            replies,
            new PlainCopies(shape.requests, shape.floats * Float.BYTES));
  }

  /// Frees native memory.
  @TearDown
  public void close() {
    prepared().batch.close();
  }

  /// Gather, run, scatter.
  @Benchmark
  public long batch() {
    Prepared ready = prepared();
    ready.batch.renewCalls();
    ready.batch.run();
    return ready.replies.drainedBytes();
  }

  /// The calls of a batch, made and not run.
  @Benchmark
  public Object calls() {
    return prepared().batch.renewCalls();
  }

  /// The floor.
  @Benchmark
  public PlainCopies copies() {
    return prepared().copies.copy();
  }

  /// Where the answers are.
  DrainedReplies replies() {
    return prepared().replies;
  }

  private Prepared prepared() {
    Prepared ready = prepared;
    if (ready == null) {
      throw new IllegalStateException("not set up");
    }
    return ready;
  }

  private record Prepared(EchoBatch batch, DrainedReplies replies, PlainCopies copies) {}
}
