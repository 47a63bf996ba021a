package io.javelin.server.pipeline;

import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;

/// Counts who still reads a received message; the last one to let go frees the transport's memory.
///
/// Starts with one holder, the request itself. A shadow copy is a second one. Thread-safe.
public final class Payload {
  private static final AtomicIntegerFieldUpdater<Payload> HOLDERS =
      AtomicIntegerFieldUpdater.newUpdater(Payload.class, "holders");

  @SuppressWarnings("UnusedVariable") // Accessed through HOLDERS.
  private volatile int holders = 1;

  private final Runnable free;
  private final long bytes;

  /// A message of `bytes` bytes; `free` is called once, by whoever releases last.
  public Payload(long bytes, Runnable free) {
    this.bytes = bytes;
    this.free = free;
  }

  /// Bytes of transport memory that this payload keeps alive.
  public long bytes() {
    return bytes;
  }

  /// Adds a holder. Only a current holder may call it.
  void retain() {
    HOLDERS.incrementAndGet(this);
  }

  /// Lets go. The caller must not touch any [TensorBytes] of the message afterwards.
  public void release() {
    int left = HOLDERS.decrementAndGet(this);
    if (left == 0) {
      free.run();
    } else if (left < 0) {
      throw new IllegalStateException("payload released more often than retained");
    }
  }
}
