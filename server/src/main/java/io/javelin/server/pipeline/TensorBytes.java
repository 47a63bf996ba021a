package io.javelin.server.pipeline;

import java.lang.foreign.MemorySegment;

/// The bytes of one tensor, still where the transport received them. Readable until the owning
/// [Payload] is released; not thread-safe, but may be handed from thread to thread.
public interface TensorBytes {
  /// Length in bytes.
  long size();

  /// Copies all bytes to `target` from `targetOffset` on: the one copy in.
  default void copyTo(MemorySegment target, long targetOffset) {
    copyTo(0, size(), target, targetOffset);
  }

  /// Copies `length` bytes from `offset` on to `target` from `targetOffset` on.
  void copyTo(long offset, long length, MemorySegment target, long targetOffset);

  /// The little-endian 32-bit integer at `offset`, which need not be aligned.
  int intAt(long offset);
}
