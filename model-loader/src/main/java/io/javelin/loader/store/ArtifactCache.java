package io.javelin.loader.store;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Immutable local copies of fetched versions, one directory each:
/// `<cache>/<model>/<version>-<tag>-<counter>`.
///
/// A copy is written into a temporary directory, synced to the disk, made read-only and renamed
/// into place in one step, so a directory under its final name is always complete. It is removed by
/// unlinking only, which files that are still mapped survive.
///
/// The directory belongs to one cache at a time, held by a file lock. What an earlier process left
/// behind, finished or not, is removed when it is opened. Thread-safe.
public final class ArtifactCache implements AutoCloseable {
  /// Writes a version's files.
  @FunctionalInterface
  public interface Filler {
    /// Writes regular files and directories below `directory`, which exists and is empty.
    void fill(Path directory) throws IOException;
  }

  private static final Logger log = LoggerFactory.getLogger(ArtifactCache.class);

  /// Proves that a directory is a cache, so that a wrong setting never sweeps somebody's home.
  private static final String MARKER = ".javelin-cache";

  private final Path root;
  private final FileChannel lockChannel;
  private final AtomicLong counter = new AtomicLong();

  private ArtifactCache(Path root, FileChannel lockChannel) {
    this.root = root;
    this.lockChannel = lockChannel;
  }

  /// Takes the directory, creates it if need be, and removes what an earlier process left.
  ///
  /// @throws IOException when another process uses it, or when it holds foreign files
  public static ArtifactCache open(Path directory) throws IOException {
    Path root = Files.createDirectories(directory).toRealPath();
    Path marker = root.resolve(MARKER);
    if (!Files.exists(marker) && !isEmpty(root)) {
      throw new IOException(
          "cache directory "
              + root
              + " is neither empty nor a cache (it has no "
              + MARKER
              + "); name a directory of its own");
    }
    FileChannel channel =
        FileChannel.open(marker, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    boolean opened = false;
    try {
      lock(channel, root);
      sweep(root);
      opened = true;
      return new ArtifactCache(root, channel);
    } finally {
      if (!opened) {
        channel.close();
      }
    }
  }

  private static void lock(FileChannel channel, Path root) throws IOException {
    try {
      if (channel.tryLock() != null) {
        return;
      }
    } catch (OverlappingFileLockException usedByThisProcess) {
      throw new IOException(
          "cache directory " + root + " is already used by this process", usedByThisProcess);
    }
    throw new IOException("cache directory " + root + " is used by another process");
  }

  private static boolean isEmpty(Path directory) throws IOException {
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
      return !entries.iterator().hasNext();
    }
  }

  private static void sweep(Path root) throws IOException {
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(root)) {
      for (Path entry : entries) {
        if (!entry.endsWith(MARKER)) {
          log.info("removing {}, left by an earlier process", entry);
          ReadOnlyTree.delete(entry);
        }
      }
    }
  }

  /// Makes a new artifact of what `filler` writes. On failure nothing stays behind.
  ///
  /// @param tag becomes part of the directory's name, for people who look at the disk
  public ModelArtifact add(String model, long version, String tag, Filler filler)
      throws IOException {
    Path home = Files.createDirectories(root.resolve(TritonLayout.requireModelName(model)));
    String name = version + "-" + tag + "-" + counter.incrementAndGet();
    // Beside its final place: a read-only directory can be renamed, but not into another parent.
    Path temporary = Files.createDirectory(home.resolve(".tmp-" + name));
    boolean done = false;
    try {
      filler.fill(temporary);
      ReadOnlyTree.seal(temporary);
      Path target = Files.move(temporary, home.resolve(name), StandardCopyOption.ATOMIC_MOVE);
      done = true;
      ReadOnlyTree.syncDirectory(home);
      return new ModelArtifact(model, version, target);
    } finally {
      if (!done) {
        ReadOnlyTree.delete(temporary);
      }
    }
  }

  /// Removes an artifact that this cache made; a second call is harmless.
  public void release(ModelArtifact artifact) throws IOException {
    Path home = root.resolve(TritonLayout.requireModelName(artifact.model()));
    if (!home.equals(artifact.directory().getParent())) {
      throw new IllegalArgumentException(
          artifact.directory() + " is not an artifact of the cache in " + root);
    }
    ReadOnlyTree.delete(artifact.directory());
  }

  /// Gives the directory back. Artifacts that were not released stay for the next owner to remove.
  @Override
  public void close() {
    try {
      lockChannel.close();
    } catch (IOException e) {
      log.warn("cannot close the lock of {}: {}", root, e.toString());
    }
  }
}
