package io.javelin.loader.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class StoreOpenerTest {
  private static final Path CACHE = Path.of("cache");

  private final ModelStore opened = new InMemoryModelStore(CACHE);
  private final StoreOpener opener =
      new StoreOpener(Map.of("mem", (uri, cache) -> opened, "file", (uri, cache) -> opened));

  @Test
  void picksByScheme() throws IOException {
    assertSame(opened, opener.open(URI.create("MEM:///x"), CACHE));
  }

  @Test
  void namesTheSupportedSchemes() {
    Throwable refused =
        assertThrows(
            IllegalArgumentException.class, () -> opener.open(URI.create("s3://bucket/x"), CACHE));
    assertEquals(
        "model store 's3://bucket/x' has the unknown scheme 's3'; supported: file:, mem:",
        refused.getMessage());
  }

  @Test
  void refusesAPathWithoutScheme() {
    Throwable refused =
        assertThrows(
            IllegalArgumentException.class, () -> opener.open(URI.create("models"), CACHE));
    assertEquals(
        "model store 'models' has no scheme; supported: file:, mem:", refused.getMessage());
  }
}
