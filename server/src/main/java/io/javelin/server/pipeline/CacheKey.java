package io.javelin.server.pipeline;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/// SHA-256 of everything that an answer depends on. Equal keys mean equal answers: nobody can
/// construct two requests that share one, so that no caller can be given another's answer.
record CacheKey(long first, long second, long third, long fourth) {
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

  static CacheKey of(byte[] digest) {
    return new CacheKey(
        (long) LONGS.get(digest, 0),
        (long) LONGS.get(digest, 8),
        (long) LONGS.get(digest, 16),
        (long) LONGS.get(digest, 24));
  }

  /// Any 32 bits of a digest are as good as all of them.
  @Override
  public int hashCode() {
    return (int) first;
  }
}
