package io.javelin.server.pipeline;

import io.javelin.loader.engine.DataType;
import io.javelin.loader.engine.EngineException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/// One number in the little-endian bytes of a datatype, to fill memory with. Immutable.
final class PadValue {
  private final byte[] pattern;
  private final boolean uniform;

  private PadValue(byte[] pattern) {
    this.pattern = pattern;
    boolean same = true;
    for (byte b : pattern) {
      same &= b == pattern[0];
    }
    this.uniform = same;
  }

  /// @throws EngineException when the type has no numbers, or not this one
  static PadValue of(DataType type, double value) throws EngineException {
    ByteBuffer bytes = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    boolean exact =
        switch (type) {
          case FP64 -> bytes.putDouble(value) != null;
          case FP32 -> bytes.putFloat((float) value) != null;
          case FP16 -> bytes.putShort(Float.floatToFloat16((float) value)) != null;
          case BF16 ->
              bytes.putShort((short) (Float.floatToRawIntBits((float) value) >>> 16)) != null;
          case BOOL -> put(bytes, value, 0, 1);
          case UINT8, UINT16, UINT32 -> put(bytes, value, 0, widest(type.elementBytes() * 8));
          case UINT64 -> put(bytes, value, 0, Long.MAX_VALUE);
          case INT8, INT16, INT32, INT64 -> {
            long most = widest(type.elementBytes() * 8 - 1);
            yield put(bytes, value, -most - 1, most);
          }
          case BYTES -> false;
        };
    if (!exact) {
      throw new EngineException("a padding value of type " + type + " cannot be " + value);
    }
    byte[] pattern = new byte[type.elementBytes()];
    bytes.get(0, pattern);
    return new PadValue(pattern);
  }

  private static long widest(int bits) {
    return -1L >>> (Long.SIZE - bits);
  }

  private static boolean put(ByteBuffer bytes, double value, long least, long most) {
    long whole = (long) value;
    bytes.putLong(whole);
    return whole == value && whole >= least && whole <= most;
  }

  /// Writes `count` elements.
  void fill(MemorySegment target, long offset, long count) {
    if (uniform) {
      target.asSlice(offset, count * pattern.length).fill(pattern[0]);
      return;
    }
    for (long i = 0; i < count; i++) {
      MemorySegment.copy(
          pattern, 0, target, ValueLayout.JAVA_BYTE, offset + i * pattern.length, pattern.length);
    }
  }
}
