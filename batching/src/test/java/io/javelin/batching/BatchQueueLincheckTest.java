package io.javelin.batching;

import java.util.List;
import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.jetbrains.lincheck.datastructures.StressOptions;
import org.junit.jupiter.api.Test;

/// The queue behaves as if its operations came one after the other. Short settings: this runs in
/// every build.
@Param(name = "item", gen = IntGen.class, conf = "0:3")
public class BatchQueueLincheckTest {
  private static final int MAX_BATCH_ROWS = 2;
  private static final int MAX_QUEUE_ROWS = 3;

  private final BatchQueue<TestItem> queue =
      new BatchQueue<>(new BatchingConfig(MAX_BATCH_ROWS, MAX_QUEUE_ROWS, 0, List.of()));

  /// Of 1, 2, 1 and 2 rows; the last one has another key.
  private final List<TestItem> items =
      List.of(item(0, 1, "a"), item(1, 2, "a"), item(2, 1, "a"), item(3, 2, "b"));

  @Operation
  public String offer(@Param(name = "item") int item) {
    return queue.offer(items.get(item), 0) instanceof Admission.Refused(var reason, var nanos)
        ? reason.name()
        : "ADMITTED";
  }

  @Operation
  public boolean remove(@Param(name = "item") int item) {
    return queue.remove(items.get(item));
  }

  @Operation
  public String take() {
    TakenWork<TestItem> taken = new TakenWork<>();
    queue.take(new NobodyParks(), taken, 0);
    StringBuilder ids = new StringBuilder();
    for (int i = 0; i < taken.batch.size(); i++) {
      ids.append(taken.batch.get(i).id);
    }
    return ids.toString();
  }

  @Operation
  public int rows() {
    return queue.rows();
  }

  @Operation
  public void drain() {
    queue.drain();
  }

  @Test
  void isLinearizableByModelChecking() {
    new ModelCheckingOptions()
        .iterations(10)
        .invocationsPerIteration(60)
        .threads(3)
        .actorsPerThread(2)
        .actorsBefore(1)
        .actorsAfter(1)
        .check(BatchQueueLincheckTest.class);
  }

  @Test
  void isLinearizableUnderStress() {
    new StressOptions()
        .iterations(10)
        .invocationsPerIteration(300)
        .threads(3)
        .actorsPerThread(2)
        .actorsBefore(1)
        .actorsAfter(1)
        .check(BatchQueueLincheckTest.class);
  }

  private static TestItem item(int id, int rows, String key) {
    return new TestItem(id, rows, key, BatchItem.NO_DEADLINE);
  }

  private static final class NobodyParks implements Wakeable {
    @Override
    public void wake() {}
  }
}
