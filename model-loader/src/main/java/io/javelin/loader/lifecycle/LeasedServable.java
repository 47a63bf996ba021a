package io.javelin.loader.lifecycle;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import org.jspecify.annotations.Nullable;

/// A ready servable and the number of its open leases.
///
/// Guarantees, for any number of threads and without a lock:
/// 1. after [#drain] has returned, [#tryLease] gives no lease any more;
/// 2. [#isDrained] is true only after [#drain], when every lease is closed, and stays true;
/// 3. whatever a holder did before closing its lease happens before a true [#isDrained].
///
/// Number and drain mark share one word: were they two, a lease could slip in between the check of
/// one and the change of the other.
///
/// @param <S> servable
final class LeasedServable<S> {
  private static final int DRAINING = Integer.MIN_VALUE;

  private final long version;
  private final S servable;
  private final Runnable onDrained;
  private final AtomicInteger leases = new AtomicInteger();

  /// Calls `onDrained` on the thread that closes the last lease of a draining servable.
  LeasedServable(long version, S servable, Runnable onDrained) {
    this.version = version;
    this.servable = servable;
    this.onDrained = onDrained;
  }

  long version() {
    return version;
  }

  /// Null when the servable drains.
  @Nullable Lease<S> tryLease() {
    int seen = leases.get();
    while (seen >= 0) {
      int witness = leases.compareAndExchange(seen, seen + 1);
      if (witness == seen) {
        return new CountedLease<>(this);
      }
      seen = witness;
    }
    return null;
  }

  /// Ends the giving of leases.
  void drain() {
    leases.getAndUpdate(count -> count | DRAINING);
  }

  boolean isDrained() {
    return leases.get() == DRAINING;
  }

  int openLeases() {
    return leases.get() & ~DRAINING;
  }

  private void giveBack() {
    if (leases.decrementAndGet() == DRAINING) {
      onDrained.run();
    }
  }

  private static final class CountedLease<S> implements Lease<S> {
    @SuppressWarnings("rawtypes") // A class literal has no type arguments.
    private static final AtomicIntegerFieldUpdater<CountedLease> OPEN =
        AtomicIntegerFieldUpdater.newUpdater(CountedLease.class, "open");

    private final LeasedServable<S> owner;

    @SuppressWarnings("UnusedVariable") // Accessed through OPEN.
    private volatile int open = 1;

    private CountedLease(LeasedServable<S> owner) {
      this.owner = owner;
    }

    @Override
    public S servable() {
      return owner.servable;
    }

    @Override
    public long version() {
      return owner.version;
    }

    @Override
    public void close() {
      if (OPEN.compareAndSet(this, 1, 0)) {
        owner.giveBack();
      }
    }
  }
}
