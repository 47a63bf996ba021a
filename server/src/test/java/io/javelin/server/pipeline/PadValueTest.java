package io.javelin.server.pipeline;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.javelin.loader.engine.DataType;
import io.javelin.loader.engine.EngineException;
import java.lang.foreign.MemorySegment;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PadValueTest {
  @ParameterizedTest
  @CsvSource({
    "INT8, -1, ff",
    "UINT8, 255, ff",
    "INT16, -2, feff",
    "UINT16, 65535, ffff",
    "INT32, 258, 02010000",
    "UINT32, 4294967295, ffffffff",
    "INT64, -2, feffffffffffffff",
    "UINT64, 1, 0100000000000000",
    "BOOL, 1, 01",
    "FP16, 1, 003c",
    "BF16, 1, 803f",
    "FP32, 1.5, 0000c03f",
    "FP64, -2, 00000000000000c0"
  })
  void fillsMemoryWithLittleEndianElements(DataType type, double value, String hex)
      throws Exception {
    byte[] memory = new byte[4 * type.elementBytes()];

    PadValue.of(type, value).fill(MemorySegment.ofArray(memory), type.elementBytes(), 2);

    String nothing = "00".repeat(type.elementBytes());
    assertArrayEquals(HexFormat.of().parseHex(nothing + hex + hex + nothing), memory);
  }

  @ParameterizedTest
  @CsvSource({
    "INT8, 128",
    "INT8, -129",
    "UINT8, -1",
    "UINT16, 65536",
    "INT64, 0.5",
    "BOOL, 2",
    "BYTES, 0"
  })
  void refusesWhatTheTypeCannotHold(DataType type, double value) {
    assertThrows(EngineException.class, () -> PadValue.of(type, value));
  }

  @Test
  void fillsNothingWhenNothingIsMissing() throws Exception {
    byte[] memory = {7};

    PadValue.of(DataType.UINT8, 1).fill(MemorySegment.ofArray(memory), 1, 0);

    assertArrayEquals(new byte[] {7}, memory);
  }
}
