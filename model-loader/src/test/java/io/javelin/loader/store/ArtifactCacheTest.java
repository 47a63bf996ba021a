package io.javelin.loader.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ArtifactCacheTest {
  @TempDir private Path scratch;

  @Test
  void aVersionHasItsNameOnlyWhenItIsComplete() throws IOException {
    try (ArtifactCache cache = ArtifactCache.open(scratch.resolve("cache"))) {
      List<String> seenWhileFilling = new ArrayList<>();
      ModelArtifact artifact =
          cache.add(
              "digits",
              3,
              "abc",
              directory -> {
                Files.writeString(directory.resolve("model.onnx"), "x");
                seenWhileFilling.addAll(names(scratch.resolve("cache/digits")));
              });
      assertEquals(List.of(".tmp-3-abc-1"), seenWhileFilling);
      assertEquals(List.of("3-abc-1"), names(scratch.resolve("cache/digits")));
      assertTrue(artifact.directory().endsWith("3-abc-1"));
    }
  }

  @Test
  void aFailingFillerLeavesNothingBehind() throws IOException {
    try (ArtifactCache cache = ArtifactCache.open(scratch.resolve("cache"))) {
      assertThrows(
          IOException.class,
          () ->
              cache.add(
                  "digits",
                  3,
                  "abc",
                  directory -> {
                    Files.writeString(directory.resolve("model.onnx"), "x");
                    throw new IOException("disk full");
                  }));
      assertEquals(List.of(), names(scratch.resolve("cache/digits")));
    }
  }

  @Test
  void refusesADirectoryWithForeignFiles() throws IOException {
    Path home = Files.createDirectories(scratch.resolve("home"));
    Path precious = Files.writeString(home.resolve("thesis.txt"), "precious");
    assertThrows(IOException.class, () -> ArtifactCache.open(home));
    assertEquals("precious", Files.readString(precious));
  }

  @Test
  void oneOwnerAtATime() throws IOException {
    Path directory = scratch.resolve("cache");
    try (ArtifactCache first = ArtifactCache.open(directory)) {
      first.add("digits", 3, "abc", d -> Files.writeString(d.resolve("model.onnx"), "x"));
      assertThrows(IOException.class, () -> ArtifactCache.open(directory));
      assertEquals(List.of("3-abc-1"), names(directory.resolve("digits")));
    }
    ArtifactCache.open(directory).close();
  }

  @Test
  void releasesOnlyWhatIsItsOwn() throws IOException {
    try (ArtifactCache cache = ArtifactCache.open(scratch.resolve("cache"))) {
      ModelArtifact foreign = new ModelArtifact("digits", 3, scratch);
      assertThrows(IllegalArgumentException.class, () -> cache.release(foreign));
      assertTrue(Files.exists(scratch));
    }
  }

  private static List<String> names(Path directory) throws IOException {
    try (Stream<Path> entries = Files.list(directory)) {
      return entries.map(path -> path.getFileName().toString()).sorted().toList();
    }
  }
}
