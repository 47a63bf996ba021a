package io.javelin.batching;

import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// A request that counts how often it was answered.
final class TestItem implements BatchItem {
  static final String ANY_KEY = "a";

  final int id;
  private final int rows;
  private final Object key;
  private final long deadlineNanos;
  private final AtomicInteger answers = new AtomicInteger();
  volatile boolean cancelled;
  int level = 1;
  long cost;
  @Nullable Object tenant;
  long delayAfterNanos = NO_DEADLINE;

  TestItem(int id, int rows, Object key, long deadlineNanos) {
    this.id = id;
    this.rows = rows;
    this.key = key;
    this.deadlineNanos = deadlineNanos;
  }

  static TestItem ofRows(int rows) {
    return new TestItem(0, rows, ANY_KEY, NO_DEADLINE);
  }

  static TestItem withDeadline(int rows, long deadlineNanos) {
    return new TestItem(0, rows, ANY_KEY, deadlineNanos);
  }

  static TestItem withKey(int rows, Object key) {
    return new TestItem(0, rows, key, NO_DEADLINE);
  }

  TestItem at(int priorityLevel, @Nullable Object ofTenant) {
    level = priorityLevel;
    tenant = ofTenant;
    return this;
  }

  TestItem costing(long units) {
    cost = units;
    return this;
  }

  TestItem delayedAfter(long nanos) {
    delayAfterNanos = nanos;
    return this;
  }

  void answer() {
    answers.incrementAndGet();
  }

  int answers() {
    return answers.get();
  }

  @Override
  public int rows() {
    return rows;
  }

  @Override
  public long deadlineNanos() {
    return deadlineNanos;
  }

  @Override
  public boolean isCancelled() {
    return cancelled;
  }

  @Override
  public Object batchKey() {
    return key;
  }

  @Override
  public int priorityLevel() {
    return level;
  }

  @Override
  public @Nullable Object tenant() {
    return tenant;
  }

  @Override
  public long cost() {
    return cost == 0 ? rows : cost;
  }

  @Override
  public long delayAfterNanos() {
    return delayAfterNanos;
  }

  @Override
  public String toString() {
    return "#" + id + "(" + rows + " rows, " + key + ")";
  }
}
