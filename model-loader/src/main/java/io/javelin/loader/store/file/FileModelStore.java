package io.javelin.loader.store.file;

import io.javelin.loader.store.ArtifactCache;
import io.javelin.loader.store.ModelArtifact;
import io.javelin.loader.store.ModelStore;
import io.javelin.loader.store.TritonLayout;
import java.io.IOException;
import java.net.URI;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A directory as a registry bucket: `<root>/<model>/<version>/<files>`.
///
/// A fetched version is copied into the [ArtifactCache] byte by byte: a hard link would share its
/// bytes with a file that the publisher may overwrite in place. Links inside a version's directory
/// are followed and become plain files of the copy; a link that leaves the directory is refused.
///
/// A version is left out of the listing while its directory is empty or holds a file that [marks an
/// upload][TritonLayout#isUploadMark], and a fetch fails when names, sizes or times change
/// meanwhile. Both are weak: an upload that pauses without a mark looks finished. Publish by
/// renaming a finished directory into place.
public final class FileModelStore implements ModelStore {
  private static final Logger log = LoggerFactory.getLogger(FileModelStore.class);
  private static final int TAG_LENGTH = 12;

  private final Path root;
  private final ArtifactCache cache;
  private final Set<String> toldUnfinished = ConcurrentHashMap.newKeySet();

  /// Serves `root`; takes `cache` over and closes it.
  public FileModelStore(Path root, ArtifactCache cache) {
    this.root = root.toAbsolutePath().normalize();
    this.cache = cache;
  }

  /// Opens `file:///path/of/the/bucket`. The directory need not exist yet.
  public static FileModelStore open(URI location, Path cacheDirectory) throws IOException {
    return new FileModelStore(Path.of(location), ArtifactCache.open(cacheDirectory));
  }

  @Override
  public SortedSet<String> listModels() throws IOException {
    SortedSet<String> models = new TreeSet<>();
    for (String name : directoriesIn(root)) {
      if (TritonLayout.isModelName(name)) {
        models.add(name);
      }
    }
    return Collections.unmodifiableSortedSet(models);
  }

  @Override
  public SortedSet<Long> listVersions(String model) throws IOException {
    Path home = modelDirectory(model);
    SortedSet<Long> versions = new TreeSet<>();
    if (!Files.isDirectory(home)) {
      return Collections.unmodifiableSortedSet(versions);
    }
    for (String name : directoriesIn(home)) {
      OptionalLong version = TritonLayout.parseVersion(name);
      if (version.isPresent() && isListed(model, version.getAsLong())) {
        versions.add(version.getAsLong());
      }
    }
    return Collections.unmodifiableSortedSet(versions);
  }

  private boolean isListed(String model, long version) throws IOException {
    VersionFiles files = scan(model, version);
    String name = "version " + version + " of '" + model + "'";
    if (files == null || files.isListed()) {
      toldUnfinished.remove(name);
      return files != null;
    }
    if (toldUnfinished.add(name)) {
      String mark = files.uploadMark();
      log.info("{} is not ready: {}", name, mark == null ? "no files" : "'" + mark + "' is there");
    }
    return false;
  }

  @Override
  public String fingerprint(String model, long version) throws IOException {
    VersionFiles files = scan(model, version);
    return files == null ? "" : files.fingerprint();
  }

  @Override
  public ModelArtifact fetch(String model, long version) throws IOException {
    VersionFiles before = scan(model, version);
    if (before == null) {
      throw new NoSuchFileException(
          versionDirectory(model, version).toString(), null, "the model store lacks this version");
    }
    requireComplete(before);
    String tag = before.fingerprint().substring(0, TAG_LENGTH);
    return cache.add(
        model,
        version,
        tag,
        directory -> {
          for (VersionFiles.SourceFile file : before.files()) {
            Path target = directory.resolve(file.path());
            Files.createDirectories(target.getParent());
            Files.copy(file.source(), target);
          }
          if (!before.equals(scan(model, version))) {
            throw new IOException("the files changed while they were copied");
          }
        });
  }

  private static void requireComplete(VersionFiles files) throws IOException {
    if (files.problem() != null) {
      throw new IOException(files.problem());
    }
    if (files.uploadMark() != null) {
      throw new IOException("the upload is not finished: '" + files.uploadMark() + "' is there");
    }
    if (files.files().isEmpty()) {
      throw new IOException("the version's directory is empty");
    }
  }

  @Override
  public void release(ModelArtifact artifact) throws IOException {
    cache.release(artifact);
  }

  @Override
  public void close() {
    cache.close();
  }

  /// Null when the bucket lacks the version.
  private @Nullable VersionFiles scan(String model, long version) throws IOException {
    Path directory = versionDirectory(model, version);
    if (!Files.isDirectory(directory)) {
      return null;
    }
    Path real = directory.toRealPath();
    if (!real.startsWith(root.toRealPath())) {
      return VersionFiles.refused("the version's directory is a link that leaves the store");
    }
    return VersionFiles.scan(real);
  }

  private Path versionDirectory(String model, long version) throws IOException {
    return modelDirectory(model).resolve(Long.toString(version));
  }

  private Path modelDirectory(String model) throws IOException {
    Path home = root.resolve(TritonLayout.requireModelName(model));
    if (!Files.isDirectory(root)) {
      throw new NoSuchFileException(root.toString(), null, "the model store is not there");
    }
    return home;
  }

  private static SortedSet<String> directoriesIn(Path parent) throws IOException {
    SortedSet<String> names = new TreeSet<>();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(parent, Files::isDirectory)) {
      entries.forEach(entry -> names.add(entry.getFileName().toString()));
    }
    return names;
  }
}
