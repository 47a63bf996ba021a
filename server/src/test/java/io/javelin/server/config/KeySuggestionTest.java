package io.javelin.server.config;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class KeySuggestionTest {
  private static final List<String> KEYS = List.of("max_batch_size", "name", "url", "host");

  @Test
  void findsSlipsOfTheKeyboard() {
    assertEquals(Optional.of("max_batch_size"), KeySuggestion.nearest("max_bacth_sizes", KEYS));
    assertEquals(Optional.of("max_batch_size"), KeySuggestion.nearest("MaxBatch-Size", KEYS));
    assertEquals(Optional.of("name"), KeySuggestion.nearest("nmae", KEYS));
    assertEquals(Optional.of("url"), KeySuggestion.nearest("ulr", KEYS));
  }

  @Test
  void doesNotGuessWildly() {
    assertEquals(Optional.empty(), KeySuggestion.nearest("uri2", List.of("host", "url_of_it")));
    assertEquals(Optional.empty(), KeySuggestion.nearest("foo", KEYS));
    assertEquals(Optional.empty(), KeySuggestion.nearest("", KEYS));
    assertEquals(Optional.empty(), KeySuggestion.nearest("x".repeat(1_000_000), KEYS));
  }
}
