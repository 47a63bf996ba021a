package io.javelin.loader.engine;

/// Tensor element types with their Open Inference Protocol names, which are the constants' names.
public enum DataType {
  BOOL(1),
  UINT8(1),
  UINT16(2),
  UINT32(4),
  UINT64(8),
  INT8(1),
  INT16(2),
  INT32(4),
  INT64(8),
  FP16(2),
  BF16(2),
  FP32(4),
  FP64(8),
  /// Elements of variable length: a 4-byte little-endian length, then the bytes.
  BYTES(0);

  private final int elementBytes;

  DataType(int elementBytes) {
    this.elementBytes = elementBytes;
  }

  /// Bytes of one element, 0 for [#BYTES].
  public int elementBytes() {
    return elementBytes;
  }

  /// Whether all elements have the same size.
  public boolean isFixedSize() {
    return elementBytes != 0;
  }
}
