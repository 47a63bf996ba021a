package io.javelin.loader.engine.onnx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class NativeLibrariesTest {
  @TempDir private Path directory;

  private List<Path> children(Path parent) throws IOException {
    try (Stream<Path> found = Files.list(parent)) {
      return found.toList();
    }
  }

  @Test
  void unpacksOnceIntoADirectoryNamedAfterTheJar() throws Exception {
    Path first = NativeLibraries.unpacked(directory).orElseThrow();
    Path library = first.resolve(System.mapLibraryName("onnxruntime"));
    FileTime written = Files.getLastModifiedTime(library);

    assertEquals(first, NativeLibraries.unpacked(directory).orElseThrow());

    assertEquals(written, Files.getLastModifiedTime(library));
    assertTrue(first.getFileName().toString().startsWith("onnxruntime-"), first::toString);
    assertEquals(List.of(first), children(directory), "nothing unfinished is left");
  }

  @Test
  void aDirectoryThatCannotBeMadeIsToldToTheCaller() throws Exception {
    Path file = Files.createFile(directory.resolve("file"));
    assertThrows(IOException.class, () -> NativeLibraries.unpacked(file));
    assertFalse(Files.isDirectory(file));
  }
}
