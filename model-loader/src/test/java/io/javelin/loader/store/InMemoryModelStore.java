package io.javelin.loader.store;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;

/// A bucket in memory that can be told to fail. Fetched versions are written below a directory.
public final class InMemoryModelStore implements ModelStore {
  private final Path artifacts;
  private final SortedMap<String, SortedMap<String, SortedMap<String, String>>> bucket =
      new TreeMap<>();
  private final Set<Path> held = new HashSet<>();
  private final AtomicInteger counter = new AtomicInteger();
  private boolean down;

  public InMemoryModelStore(Path artifacts) {
    this.artifacts = artifacts;
  }

  public synchronized void put(String model, String version, String file, String content) {
    bucket
        .computeIfAbsent(model, name -> new TreeMap<>())
        .computeIfAbsent(version, name -> new TreeMap<>())
        .put(file, content);
  }

  public void put(String model, long version) {
    put(model, Long.toString(version), "model.onnx", "version " + version);
  }

  public synchronized void remove(String model, String version) {
    SortedMap<String, SortedMap<String, String>> versions = bucket.get(model);
    if (versions != null) {
      versions.remove(version);
    }
  }

  public void remove(String model, long version) {
    remove(model, Long.toString(version));
  }

  /// While down, every call throws.
  public synchronized void setDown(boolean down) {
    this.down = down;
  }

  /// Fetched and not yet released.
  public synchronized int heldArtifacts() {
    return held.size();
  }

  @Override
  public synchronized SortedSet<String> listModels() throws IOException {
    requireUp();
    return Collections.unmodifiableSortedSet(new TreeSet<>(bucket.keySet()));
  }

  @Override
  public synchronized SortedSet<Long> listVersions(String model) throws IOException {
    TritonLayout.requireModelName(model);
    requireUp();
    SortedSet<Long> versions = new TreeSet<>();
    bucket
        .getOrDefault(model, Collections.emptySortedMap())
        .keySet()
        .forEach(name -> TritonLayout.parseVersion(name).ifPresent(v -> versions.add(v)));
    return Collections.unmodifiableSortedSet(versions);
  }

  @Override
  public synchronized String fingerprint(String model, long version) throws IOException {
    Map<String, String> files = files(model, version);
    return files.isEmpty() ? "" : files.toString();
  }

  @Override
  public synchronized ModelArtifact fetch(String model, long version) throws IOException {
    Map<String, String> files = files(model, version);
    if (files.isEmpty()) {
      throw new FileNotFoundException(model + "/" + version);
    }
    Path directory = artifacts.resolve(model + "-" + version + "-" + counter.incrementAndGet());
    Files.createDirectories(directory);
    for (Map.Entry<String, String> file : files.entrySet()) {
      Files.writeString(directory.resolve(file.getKey()), file.getValue());
    }
    held.add(directory);
    return new ModelArtifact(model, version, directory);
  }

  @Override
  public synchronized void release(ModelArtifact artifact) {
    if (held.remove(artifact.directory())) {
      try {
        ReadOnlyTree.delete(artifact.directory());
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  private SortedMap<String, String> files(String model, long version) throws IOException {
    TritonLayout.requireModelName(model);
    requireUp();
    return bucket
        .getOrDefault(model, Collections.emptySortedMap())
        .getOrDefault(Long.toString(version), Collections.emptySortedMap());
  }

  private void requireUp() throws IOException {
    if (down) {
      throw new IOException("the bucket is down");
    }
  }

  @Override
  public void close() {}
}
