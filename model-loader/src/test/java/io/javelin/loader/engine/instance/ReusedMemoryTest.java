package io.javelin.loader.engine.instance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.junit.jupiter.api.Test;

final class ReusedMemoryTest {
  @Test
  void givesTheSameBlockUntilMoreIsWanted() {
    try (ReusedMemory memory = new ReusedMemory()) {
      MemorySegment first = memory.atLeast(100);
      assertEquals(0, first.address() % 64);
      assertEquals(first, memory.atLeast(10));
      assertEquals(first, memory.current());
      MemorySegment second = memory.atLeast(101);
      assertEquals(150, second.byteSize());
      assertEquals(0, second.address() % 64);
      assertThrows(IllegalStateException.class, () -> first.get(ValueLayout.JAVA_BYTE, 0));
    }
  }

  @Test
  void keepsTheOldBlockWhenThereIsNoMemoryForALargerOne() {
    try (ReusedMemory memory = new ReusedMemory()) {
      MemorySegment block = memory.atLeast(100);
      assertThrows(OutOfMemoryError.class, () -> memory.atLeast(Long.MAX_VALUE / 2));
      assertEquals(block, memory.atLeast(100));
      block.set(ValueLayout.JAVA_BYTE, 99, (byte) 1);
    }
  }

  @Test
  void freesItsBlockOnce() {
    ReusedMemory memory = new ReusedMemory();
    MemorySegment block = memory.atLeast(0);
    assertTrue(block.byteSize() > 0);
    memory.close();
    memory.close();
    assertThrows(IllegalStateException.class, () -> block.get(ValueLayout.JAVA_BYTE, 0));
  }
}
