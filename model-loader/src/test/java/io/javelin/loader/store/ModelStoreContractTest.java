package io.javelin.loader.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What every [ModelStore] does. A subclass says how its bucket is filled.
public abstract class ModelStoreContractTest {
  @TempDir protected Path scratch;
  protected ModelStore store;

  /// Opens a store on an empty bucket.
  protected abstract ModelStore open() throws IOException;

  /// Publishes one file of a version; replaces it if it is there.
  protected abstract void put(String model, String version, String file, String content)
      throws IOException;

  /// Takes a version out of the bucket.
  protected abstract void remove(String model, String version) throws IOException;

  @BeforeEach
  void openStore() throws IOException {
    store = open();
  }

  @AfterEach
  void closeStore() {
    store.close();
  }

  @Test
  void anEmptyBucketHasNoModels() throws IOException {
    assertEquals(Set.of(), store.listModels());
    assertEquals(Set.of(), store.listVersions("digits"));
  }

  @Test
  void listsModelsInOrder() throws IOException {
    put("digits", "1", "model.onnx", "a");
    put("abalone", "1", "model.onnx", "b");
    assertEquals(List.of("abalone", "digits"), List.copyOf(store.listModels()));
  }

  @Test
  void listsVersionsByNumberAndIgnoresOtherNames() throws IOException {
    for (String version :
        List.of("10", "9", "01", "0", "-3", "1.bak", "v7", "٣", "9223372036854775807")) {
      put("digits", version, "model.onnx", version);
    }
    put("digits", "9223372036854775808", "model.onnx", "too large");
    assertEquals(List.of(9L, 10L, Long.MAX_VALUE), List.copyOf(store.listVersions("digits")));
  }

  @Test
  void aRemovedVersionIsNotListed() throws IOException {
    put("digits", "1", "model.onnx", "a");
    put("digits", "2", "model.onnx", "b");
    remove("digits", "2");
    assertEquals(Set.of(1L), store.listVersions("digits"));
  }

  @Test
  void fetchBringsEveryFile() throws IOException {
    put("digits", "3", "model.onnx", "graph");
    put("digits", "3", "weights.bin", "weights");
    ModelArtifact artifact = store.fetch("digits", 3);
    assertEquals("digits", artifact.model());
    assertEquals(3, artifact.version());
    assertEquals("graph", read(artifact, "model.onnx"));
    assertEquals("weights", read(artifact, "weights.bin"));
  }

  @Test
  void aFetchedVersionDoesNotFollowTheBucket() throws IOException {
    put("digits", "3", "model.onnx", "before");
    ModelArtifact artifact = store.fetch("digits", 3);
    put("digits", "3", "model.onnx", "behind");
    assertEquals("before", read(artifact, "model.onnx"));
    remove("digits", "3");
    assertEquals("before", read(artifact, "model.onnx"));
  }

  @Test
  void everyFetchMakesAnArtifactOfItsOwn() throws IOException {
    put("digits", "3", "model.onnx", "a");
    ModelArtifact first = store.fetch("digits", 3);
    ModelArtifact second = store.fetch("digits", 3);
    store.release(first);
    assertFalse(Files.exists(first.directory()));
    assertEquals("a", read(second, "model.onnx"));
  }

  @Test
  void releasingTwiceIsHarmless() throws IOException {
    put("digits", "3", "model.onnx", "a");
    ModelArtifact artifact = store.fetch("digits", 3);
    store.release(artifact);
    store.release(artifact);
    assertFalse(Files.exists(artifact.directory()));
  }

  @Test
  void fetchingAMissingVersionFails() throws IOException {
    put("digits", "3", "model.onnx", "a");
    assertThrows(IOException.class, () -> store.fetch("digits", 4));
    assertThrows(IOException.class, () -> store.fetch("abalone", 3));
  }

  @Test
  void theFingerprintIsStableWhileTheFilesAre() throws IOException {
    put("digits", "3", "model.onnx", "a");
    String before = store.fingerprint("digits", 3);
    store.release(store.fetch("digits", 3));
    assertFalse(before.isEmpty());
    assertEquals(before, store.fingerprint("digits", 3));
  }

  @Test
  void theFingerprintChangesWithTheFiles() throws IOException {
    put("digits", "3", "model.onnx", "a");
    String one = store.fingerprint("digits", 3);
    put("digits", "3", "model.onnx", "longer");
    String longer = store.fingerprint("digits", 3);
    put("digits", "3", "extra.bin", "b");
    String extra = store.fingerprint("digits", 3);
    assertNotEquals(one, longer);
    assertNotEquals(longer, extra);
  }

  @Test
  void aMissingVersionHasTheEmptyFingerprint() throws IOException {
    assertEquals("", store.fingerprint("digits", 3));
  }

  @Test
  void refusesNamesThatCouldLeaveTheBucket() {
    for (String name : List.of("", "..", ".", "../x", "a/b", "a\\b", ".hidden", "_tmp", "a\0b")) {
      assertThrows(IllegalArgumentException.class, () -> store.listVersions(name), name);
      assertThrows(IllegalArgumentException.class, () -> store.fetch(name, 1), name);
      assertThrows(IllegalArgumentException.class, () -> store.fingerprint(name, 1), name);
    }
  }

  @Test
  void manyThreadsMayFetchAtOnce() throws Exception {
    put("digits", "3", "model.onnx", "a");
    List<Thread> threads =
        IntStream.range(0, 4)
            .mapToObj(i -> Thread.ofPlatform().unstarted(this::fetchAndRelease))
            .toList();
    threads.forEach(Thread::start);
    for (Thread thread : threads) {
      thread.join();
    }
    assertEquals(4, fetched.get());
    assertTrue(store.listVersions("digits").contains(3L));
  }

  private final AtomicInteger fetched = new AtomicInteger();

  private void fetchAndRelease() {
    try {
      ModelArtifact artifact = store.fetch("digits", 3);
      if (read(artifact, "model.onnx").equals("a")) {
        fetched.incrementAndGet();
      }
      store.release(artifact);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  protected static String read(ModelArtifact artifact, String file) throws IOException {
    return Files.readString(artifact.directory().resolve(file));
  }
}
