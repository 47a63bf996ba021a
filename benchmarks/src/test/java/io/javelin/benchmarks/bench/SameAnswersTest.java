package io.javelin.benchmarks.bench;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.FloatBuffer;
import org.junit.jupiter.api.Test;

class SameAnswersTest {
  @Test
  void comparesElementByElement() {
    assertTrue(isClose(floats(0.5f, 1f), floats(0.50001f, 1f)));
    assertFalse(isClose(floats(0.5f, 1f), floats(0.5f, 1.1f)));
    assertFalse(isClose(floats(0.5f), floats(0.5f, 0.5f)));
    assertFalse(isClose(floats(Float.NaN), floats(Float.NaN)));
    assertFalse(isClose(floats(), floats()));
  }

  private static boolean isClose(FloatBuffer one, FloatBuffer other) {
    return SameAnswers.isClose(one, other);
  }

  private static FloatBuffer floats(float... values) {
    return FloatBuffer.wrap(values);
  }
}
