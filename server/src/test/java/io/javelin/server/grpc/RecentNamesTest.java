package io.javelin.server.grpc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class RecentNamesTest {
  private final RecentNames names = new RecentNames();

  @Test
  void givesTheSameTextForTheSameBytes() {
    assertSame(text("probabilities"), text("probabilities"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "x", "digits", "größe", "\u0000", "\ud83d\ude00 model"})
  void givesTheTextOfTheBytes(String name) {
    assertEquals(name, text(name));
    assertEquals(name, text(name));
  }

  @Test
  void longNamesAreNotKept() {
    String longName = "n".repeat(129);
    assertEquals(longName, text(longName));
    assertNotSame(text(longName), text(longName));
  }

  /// Many more names than there is room for, so that they push each other out.
  @Test
  void neverGivesTheTextOfOtherBytes() {
    SplittableRandom random = new SplittableRandom(7);
    for (int i = 0; i < 100_000; i++) {
      String name = "model-" + random.nextInt(5_000);
      assertEquals(name, text(name));
    }
  }

  private String text(String name) {
    byte[] utf8 = name.getBytes(StandardCharsets.UTF_8);
    ByteBuffer padded = ByteBuffer.allocate(utf8.length + 2).put((byte) 'x').put(utf8).rewind();
    return names.text(new ReceivedMessage(List.of(padded)), 1, utf8.length);
  }
}
