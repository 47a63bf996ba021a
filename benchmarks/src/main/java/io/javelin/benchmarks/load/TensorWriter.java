package io.javelin.benchmarks.load;

import com.google.protobuf.ByteString;
import io.javelin.loader.engine.DataType;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/// Writes numbers as the raw contents of one tensor: little-endian, row-major.
final class TensorWriter {
  private final DataType type;
  private final ByteBuffer bytes;

  /// @throws IllegalArgumentException when elements of `type` are not numbers
  TensorWriter(DataType type, int elements) {
    if (!type.isFixedSize()) {
      throw new IllegalArgumentException("rows of " + type + " cannot be generated");
    }
    this.type = type;
    bytes =
        ByteBuffer.allocate(Math.multiplyExact(elements, type.elementBytes()))
            .order(ByteOrder.LITTLE_ENDIAN);
  }

  void put(double value) {
    switch (type) {
      case BOOL, UINT8, INT8 -> bytes.put((byte) value);
      case UINT16, INT16 -> bytes.putShort((short) value);
      case UINT32, INT32 -> bytes.putInt((int) (long) value);
      case UINT64, INT64 -> bytes.putLong((long) value);
      case FP16 -> bytes.putShort(Float.floatToFloat16((float) value));
      case BF16 -> bytes.putShort((short) (Float.floatToRawIntBits((float) value) >>> 16));
      case FP32 -> bytes.putFloat((float) value);
      case FP64 -> bytes.putDouble(value);
      case BYTES -> throw new IllegalStateException("refused by the constructor");
    }
  }

  ByteString contents() {
    return ByteString.copyFrom(bytes.flip());
  }
}
