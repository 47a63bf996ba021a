package io.javelin.benchmarks.jmh;

import io.javelin.batching.Admission;
import io.javelin.batching.Batch;
import io.javelin.batching.BatchItem;
import io.javelin.batching.BatchListener;
import io.javelin.batching.BatchRunner;
import io.javelin.batching.BatchingConfig;
import io.javelin.batching.MicroBatcher;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/// What the batcher costs for one request when the model costs nothing: queue, wake-up of the
/// worker, forming, hand-over.
///
/// ```
/// java --enable-native-access=ALL-UNNAMED -cp 'benchmarks/target/dist/lib/*' org.openjdk.jmh.Main \
///     BatchFormingBenchmark -prof gc
/// ```
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@State(Scope.Benchmark)
@Fork(1)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
public class BatchFormingBenchmark {
  private static final int BURST = 32;

  private final AtomicLong ran = new AtomicLong();
  private final OneRow item = new OneRow();
  private final BatchRunner<OneRow> countRows = batch -> ran.addAndGet(batch.rows());
  private final BatchingConfig config = new BatchingConfig(BURST, BURST * 4, 0, List.of());
  private final MicroBatcher<OneRow> batcher =
      new MicroBatcher<>(
          "benchmark", config, List.of(countRows), new NothingDropped(), System::nanoTime);
  private final MicroBatcher<OneRow> stepped =
      MicroBatcher.stepped(
          config, List.of(countRows), new NothingDropped(), System::nanoTime, step -> {});
  private long submitted;

  /// One request there and back: mostly the wake-up of the worker.
  @Benchmark
  public void single() {
    submitTo(batcher);
    awaitRuns();
  }

  /// A read burst of an event loop; the time is that of one of its requests. As the model costs
  /// nothing, the worker often empties the queue before the next request of the burst and has to be
  /// woken again: the result lies between [#single] and [#stepped], and is no steadier than the
  /// machine's scheduler.
  @Benchmark
  @OperationsPerInvocation(BURST)
  public void burst() {
    for (int i = 0; i < BURST; i++) {
      submitTo(batcher);
    }
    awaitRuns();
  }

  /// One request of a full batch without any thread: queue, forming and hand-over alone.
  @Benchmark
  @OperationsPerInvocation(BURST)
  public long stepped() {
    for (int i = 0; i < BURST; i++) {
      submitTo(stepped);
    }
    stepped.steps().getFirst().doWork(System.nanoTime());
    if (ran.get() != submitted) {
      throw new IllegalStateException("ran " + ran + " of " + submitted);
    }
    return submitted;
  }

  /// Stops the worker.
  @TearDown(Level.Trial)
  public void stop() {
    batcher.close();
    stepped.close();
  }

  private void submitTo(MicroBatcher<OneRow> target) {
    if (target.submit(item) instanceof Admission.Refused(Admission.Reason reason, long nanos)) {
      throw new IllegalStateException("refused: " + reason);
    }
    submitted++;
  }

  private void awaitRuns() {
    while (ran.get() < submitted) {
      Thread.onSpinWait();
    }
  }

  /// Every request is the same one, which the batcher does not mind: it only reads it.
  private static final class OneRow implements BatchItem {
    @Override
    public int rows() {
      return 1;
    }

    @Override
    public long deadlineNanos() {
      return NO_DEADLINE;
    }

    @Override
    public boolean isCancelled() {
      return false;
    }

    @Override
    public Object batchKey() {
      return OneRow.class;
    }
  }

  private static final class NothingDropped implements BatchListener<OneRow> {
    @Override
    public void onBatchClosed(Batch<OneRow> batch) {}

    @Override
    public void onDropped(OneRow item, DropReason reason) {
      throw new IllegalStateException("dropped: " + reason);
    }

    @Override
    public void onRunFailed(Batch<OneRow> batch, Throwable failure) {
      throw new IllegalStateException(failure);
    }
  }
}
