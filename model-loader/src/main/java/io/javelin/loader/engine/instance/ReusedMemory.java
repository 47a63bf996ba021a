package io.javelin.loader.engine.instance;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/// One block of native memory that is handed out again and again and only ever grows.
///
/// Shared, not confined: an instance is opened on a loader thread and run on another. Growing frees
/// the old block and keeps nothing of its content, so nobody may hold a segment across [#atLeast].
public final class ReusedMemory implements AutoCloseable {
  /// Wide enough for every vector instruction set and for a cache line.
  private static final long ALIGNMENT_BYTES = 64;

  private @Nullable Arena arena;
  private MemorySegment block = MemorySegment.NULL;

  /// The whole block, of `bytes` bytes or more. Grows at least by half, so that requests which grow
  /// a little each time do not allocate each time.
  public MemorySegment atLeast(long bytes) {
    if (arena == null || block.byteSize() < bytes) {
      grow(Math.max(bytes, block.byteSize() + block.byteSize() / 2));
    }
    return block;
  }

  private void grow(long bytes) {
    Arena next = Arena.ofShared();
    block = next.allocate(Math.max(1, bytes), ALIGNMENT_BYTES);
    close();
    arena = next;
  }

  /// The block as it is: empty before the first [#atLeast].
  public MemorySegment current() {
    return block;
  }

  /// Frees the block; every segment handed out becomes inaccessible. May be called twice.
  @Override
  public void close() {
    if (arena != null) {
      arena.close();
      arena = null;
    }
  }
}
