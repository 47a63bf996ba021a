package io.javelin.batching;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/// Writes down what it is told. Answers what is dropped or failed, as a listener must.
class RecordingListener implements BatchListener<TestItem> {
  final List<CloseCause> causes = Collections.synchronizedList(new ArrayList<>());
  final List<String> dropped = Collections.synchronizedList(new ArrayList<>());
  final List<Throwable> failures = Collections.synchronizedList(new ArrayList<>());

  @Override
  public void onBatchClosed(Batch<TestItem> batch) {
    causes.add(batch.cause());
  }

  @Override
  public void onDropped(TestItem item, DropReason reason) {
    item.answer();
    dropped.add(item.id + " " + reason);
  }

  @Override
  public void onRunFailed(Batch<TestItem> batch, Throwable failure) {
    for (int i = 0; i < batch.size(); i++) {
      batch.get(i).answer();
    }
    failures.add(failure);
  }
}
