package io.javelin.server.pipeline;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// One computation that several identical requests wait for: its leader is on its way through the
/// batcher, the others wait here. Thread-safe; its lock is never held while foreign code runs.
///
/// A flight is over when its answer has come or nobody waits any more; from then on nobody can
/// join.
final class Flight {
  private final CacheKey key;
  private final ResponseCache cache;
  private final ArrayDeque<InferCall> waiting = new ArrayDeque<>(2); // Guarded by this.
  private @Nullable InferCall leader; // Guarded by this.
  private boolean over; // Guarded by this.

  Flight(CacheKey key, ResponseCache cache, InferCall leader) {
    this.key = key;
    this.cache = cache;
    this.leader = leader;
  }

  CacheKey key() {
    return key;
  }

  /// The call that was or is to be computed has ended, however. By [CallOutcomes], for any call
  /// that knows this flight.
  void ended(InferCall call) {
    if (isLedBy(call)) {
      cache.passOn(this);
    }
  }

  /// The leader's answer: rows of `outputs` from `firstRow` on. By the thread that computed it,
  /// while the outputs are valid.
  void land(InferCall call, BatchOutputs outputs, int firstRow) {
    if (isLedBy(call)) {
      cache.land(this, call, outputs, firstRow);
    }
  }

  /// False when the flight is over.
  synchronized boolean join(InferCall call) {
    if (over) {
      return false;
    }
    waiting.addLast(call);
    return true;
  }

  /// Takes a waiting call out; true when it is the caller's now.
  boolean leave(InferCall call) {
    boolean left;
    synchronized (this) {
      left = waiting.remove(call);
    }
    if (left) {
      cache.left(call);
    }
    return left;
  }

  /// The next leader, or null: then the flight is over.
  synchronized @Nullable InferCall next() {
    InferCall next = waiting.pollFirst();
    leader = next;
    over = next == null;
    return next;
  }

  /// Ends the flight and hands over those who wait.
  synchronized List<InferCall> finish() {
    List<InferCall> served = new ArrayList<>(waiting);
    waiting.clear();
    leader = null;
    over = true;
    return served;
  }

  @SuppressWarnings("ReferenceEquality") // Two equal requests are still two callers.
  private synchronized boolean isLedBy(InferCall call) {
    return leader == call;
  }
}
