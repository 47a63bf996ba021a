package io.javelin.loader.engine.instance;

import io.javelin.loader.engine.EngineException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/// Reads the encoding of [io.javelin.loader.engine.DataType#BYTES]: for each element a 4-byte
/// little-endian length, then that many bytes. Never reads past `limitBytes`, whatever the lengths
/// claim.
public final class LengthPrefixed {
  /// Bytes before each element.
  public static final int PREFIX_BYTES = 4;

  private static final ValueLayout.OfInt LENGTH =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private final MemorySegment encoded;
  private final long limitBytes;
  private long position;
  private long elements;

  /// Stands before the first element of `encoded`, of which the first `limitBytes` are valid.
  public LengthPrefixed(MemorySegment encoded, long limitBytes) {
    this.encoded = encoded;
    this.limitBytes = Math.min(limitBytes, encoded.byteSize());
  }

  /// The next element's bytes, without its length; a view.
  ///
  /// @throws EngineException when the encoding ends before it or inside it
  public MemorySegment next() throws EngineException {
    if (limitBytes - position < PREFIX_BYTES) {
      throw new EngineException(
          "element %d starts at byte %d, but there are %d bytes"
              .formatted(elements, position, limitBytes));
    }
    long length = Integer.toUnsignedLong(encoded.get(LENGTH, position));
    if (length > limitBytes - position - PREFIX_BYTES) {
      throw new EngineException(
          "element %d claims %d bytes at byte %d, but there are %d bytes"
              .formatted(elements, length, position, limitBytes));
    }
    MemorySegment element = encoded.asSlice(position + PREFIX_BYTES, length);
    position += PREFIX_BYTES + length;
    elements++;
    return element;
  }

  /// Refuses bytes behind the last element read.
  public void requireEnd() throws EngineException {
    if (position != limitBytes) {
      throw new EngineException(
          "%d elements take %d bytes, but there are %d bytes"
              .formatted(elements, position, limitBytes));
    }
  }

  /// Bytes read so far, lengths included.
  public long position() {
    return position;
  }

  /// Writes one element at `offset` and returns the offset behind it.
  public static long write(MemorySegment target, long offset, byte[] element) {
    target.set(LENGTH, offset, element.length);
    MemorySegment.copy(
        element, 0, target, ValueLayout.JAVA_BYTE, offset + PREFIX_BYTES, element.length);
    return offset + PREFIX_BYTES + element.length;
  }
}
