package io.javelin.loader.engine.instance;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.javelin.loader.engine.EngineException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.junit.jupiter.api.Test;

final class LengthPrefixedTest {
  private static MemorySegment bytes(int... values) {
    byte[] bytes = new byte[values.length];
    for (int i = 0; i < values.length; i++) {
      bytes[i] = (byte) values[i];
    }
    return MemorySegment.ofArray(bytes);
  }

  @Test
  void readsElementAfterElement() throws Exception {
    LengthPrefixed elements = new LengthPrefixed(bytes(2, 0, 0, 0, 7, 8, 0, 0, 0, 0), 10);
    assertArrayEquals(new byte[] {7, 8}, elements.next().toArray(ValueLayout.JAVA_BYTE));
    assertThrows(EngineException.class, elements::requireEnd);
    assertEquals(0, elements.next().byteSize());
    assertEquals(10, elements.position());
    elements.requireEnd();
  }

  @Test
  void doesNotReadBehindTheValidBytes() throws Exception {
    MemorySegment oldBytesBehind = bytes(1, 0, 0, 0, 7, 1, 0, 0, 0, 9);
    LengthPrefixed elements = new LengthPrefixed(oldBytesBehind, 5);
    assertEquals(1, elements.next().byteSize());
    assertThrows(EngineException.class, elements::next);
  }

  @Test
  void refusesALengthThatLeadsOutside() {
    assertThrows(EngineException.class, () -> new LengthPrefixed(bytes(2, 0, 0, 0, 7), 5).next());
    assertThrows(
        EngineException.class,
        () -> new LengthPrefixed(bytes(0xff, 0xff, 0xff, 0xff, 7), 5).next());
  }

  @Test
  void writesWhatItReads() throws Exception {
    MemorySegment target = bytes(9, 9, 9, 9, 9, 9, 9, 9);
    assertEquals(7, LengthPrefixed.write(target, 1, new byte[] {5, 6}));
    assertArrayEquals(new byte[] {9, 2, 0, 0, 0, 5, 6, 9}, target.toArray(ValueLayout.JAVA_BYTE));
  }
}
