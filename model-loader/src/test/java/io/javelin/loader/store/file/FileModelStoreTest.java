package io.javelin.loader.store.file;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.javelin.loader.store.ModelArtifact;
import io.javelin.loader.store.ModelStore;
import io.javelin.loader.store.ModelStoreContractTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class FileModelStoreTest extends ModelStoreContractTest {
  private Path bucket() {
    return scratch.resolve("bucket");
  }

  private Path cache() {
    return scratch.resolve("cache");
  }

  @Override
  protected ModelStore open() throws IOException {
    Files.createDirectories(bucket());
    return FileModelStore.open(bucket().toUri(), cache());
  }

  @Override
  protected void put(String model, String version, String file, String content) throws IOException {
    Path target = bucket().resolve(model).resolve(version).resolve(file);
    Files.createDirectories(target.getParent());
    Files.writeString(target, content);
  }

  @Override
  protected void remove(String model, String version) throws IOException {
    Path directory = bucket().resolve(model).resolve(version);
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path path : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"model.onnx.tmp", "weights.part", ".upload", "_COPYING_", "sub/x.tmp"})
  void aVersionUnderUploadIsNeitherListedNorFetched(String mark) throws IOException {
    put("digits", "1", "model.onnx", "a");
    put("digits", "2", "model.onnx", "b");
    put("digits", "2", mark, "");
    assertEquals(Set.of(1L), store.listVersions("digits"));
    IOException refused = assertThrows(IOException.class, () -> store.fetch("digits", 2));
    assertTrue(refused.toString().contains(mark), refused.toString());
    Files.delete(bucket().resolve("digits/2").resolve(mark));
    assertEquals(Set.of(1L, 2L), store.listVersions("digits"));
  }

  @Test
  void anEmptyVersionDirectoryIsNotListed() throws IOException {
    Files.createDirectories(bucket().resolve("digits/1/variables"));
    assertEquals(Set.of(), store.listVersions("digits"));
    assertThrows(IOException.class, () -> store.fetch("digits", 1));
  }

  @Test
  void plainFilesAndHiddenDirectoriesAreNoModels() throws IOException {
    Files.writeString(bucket().resolve("README"), "x");
    Files.createDirectories(bucket().resolve(".git"));
    Files.createDirectories(bucket().resolve("_staging"));
    Files.createDirectories(bucket().resolve("digits"));
    Files.writeString(bucket().resolve("digits/7"), "a file");
    assertEquals(Set.of("digits"), store.listModels());
    assertEquals(Set.of(), store.listVersions("digits"));
  }

  @Test
  void aBucketThatIsGoneIsAnErrorAndNotEmpty() throws IOException {
    put("digits", "1", "model.onnx", "a");
    Files.move(bucket(), scratch.resolve("unmounted"));
    assertThrows(NoSuchFileException.class, () -> store.listModels());
    assertThrows(NoSuchFileException.class, () -> store.listVersions("digits"));
    assertThrows(NoSuchFileException.class, () -> store.fingerprint("digits", 1));
  }

  @Test
  void theCopySharesNoBytesWithTheBucket() throws IOException {
    put("digits", "1", "sub/weights.bin", "weights");
    ModelArtifact artifact = store.fetch("digits", 1);
    Object source = Files.getAttribute(bucket().resolve("digits/1/sub/weights.bin"), "unix:ino");
    Path copy = artifact.directory().resolve("sub/weights.bin");
    assertNotEquals(source, Files.getAttribute(copy, "unix:ino"));
    assertEquals("weights", Files.readString(copy));
  }

  @Test
  void theCopyIsReadOnly() throws IOException {
    put("digits", "1", "sub/weights.bin", "weights");
    Path directory = store.fetch("digits", 1).directory();
    assertEquals("r-xr-xr-x", permissions(directory));
    assertEquals("r-xr-xr-x", permissions(directory.resolve("sub")));
    assertEquals("r--r--r--", permissions(directory.resolve("sub/weights.bin")));
  }

  private static String permissions(Path path) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
  }

  @Test
  void linksInsideTheVersionBecomePlainFiles() throws IOException {
    put("digits", "1", "..2026_01_01/model.onnx", "projected");
    Path version = bucket().resolve("digits/1");
    Files.createSymbolicLink(version.resolve("..data"), Path.of("..2026_01_01"));
    Files.createSymbolicLink(version.resolve("model.onnx"), Path.of("..data/model.onnx"));
    assertEquals(Set.of(1L), store.listVersions("digits"));
    Path directory = store.fetch("digits", 1).directory();
    assertEquals("projected", Files.readString(directory.resolve("model.onnx")));
    assertTrue(Files.isRegularFile(directory.resolve("model.onnx"), LinkOption.NOFOLLOW_LINKS));
    try (Stream<Path> files = Files.list(directory)) {
      assertEquals(1, files.count());
    }
  }

  @Test
  void aLinkOutOfTheVersionIsListedButRefused() throws IOException {
    put("digits", "1", "model.onnx", "a");
    put("digits", "2", "model.onnx", "b");
    Path outside = Files.writeString(scratch.resolve("secret"), "s");
    Files.createSymbolicLink(bucket().resolve("digits/2/weights.bin"), outside);
    assertEquals(Set.of(1L, 2L), store.listVersions("digits"));
    IOException refused = assertThrows(IOException.class, () -> store.fetch("digits", 2));
    assertEquals(
        "'weights.bin' is a link that leaves the version's directory", refused.getMessage());
  }

  @Test
  void aVersionThatIsALinkOutOfTheBucketIsRefused() throws IOException {
    Path outside = Files.createDirectories(scratch.resolve("elsewhere"));
    Files.writeString(outside.resolve("model.onnx"), "x");
    Files.createDirectories(bucket().resolve("digits"));
    Files.createSymbolicLink(bucket().resolve("digits/1"), outside);
    IOException refused = assertThrows(IOException.class, () -> store.fetch("digits", 1));
    assertTrue(refused.toString().contains("leaves the store"), refused.toString());
  }

  @Test
  void aLinkToNothingAndALinkInACircleAreRefused() throws IOException {
    put("digits", "1", "model.onnx", "a");
    Files.createSymbolicLink(bucket().resolve("digits/1/gone"), Path.of("nowhere"));
    assertThrows(IOException.class, () -> store.fetch("digits", 1));
    put("digits", "2", "model.onnx", "a");
    Files.createSymbolicLink(bucket().resolve("digits/2/loop"), Path.of("."));
    assertThrows(IOException.class, () -> store.fetch("digits", 2));
  }

  @Test
  void theFingerprintSeesARewriteOfEqualSize() throws IOException {
    put("digits", "1", "model.onnx", "aaaa");
    String before = store.fingerprint("digits", 1);
    Path file = bucket().resolve("digits/1/model.onnx");
    Files.writeString(file, "bbbb");
    Files.setLastModifiedTime(file, FileTime.fromMillis(1_000));
    assertNotEquals(before, store.fingerprint("digits", 1));
  }

  @Test
  void aFailedFetchLeavesNothingBehind() throws IOException {
    put("digits", "1", "model.onnx", "a");
    Path unreadable = bucket().resolve("digits/1/model.onnx");
    store.release(store.fetch("digits", 1));
    Files.delete(unreadable);
    assertThrows(IOException.class, () -> store.fetch("digits", 1));
    try (Stream<Path> left = Files.list(cache().resolve("digits"))) {
      assertEquals(List.of(), left.toList());
    }
  }

  @Test
  void openRemovesWhatAKilledProcessLeft() throws IOException {
    put("digits", "1", "model.onnx", "a");
    Path finished = store.fetch("digits", 1).directory();
    Path half = Files.createDirectories(cache().resolve("digits/.tmp-1-x-9"));
    Files.writeString(half.resolve("model.onnx"), "hal");
    store.close();
    store = open();
    assertFalse(Files.exists(finished));
    assertFalse(Files.exists(half));
    assertEquals("a", read(store.fetch("digits", 1), "model.onnx"));
  }
}
