package io.javelin.server.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;

/// A file. Kubernetes mounts a ConfigMap as links through `..data` and swaps that link, so the
/// target is looked up at each call and is part of the stamp.
final class FileConfigSource implements ConfigSource {
  /// A ConfigMap holds at most 1 MiB.
  private static final long MAX_BYTES = 1 << 20;

  private final Path path;

  FileConfigSource(Path path) {
    this.path = path;
  }

  @Override
  public String name() {
    return path.toString();
  }

  @Override
  public String stamp() throws IOException {
    Path target = path.toRealPath();
    BasicFileAttributes attributes = Files.readAttributes(target, BasicFileAttributes.class);
    return target + "|" + attributes.size() + "|" + attributes.lastModifiedTime();
  }

  @Override
  public Content read() throws IOException {
    Path target = path.toRealPath();
    if (!Files.isRegularFile(target)) {
      throw new IOException("not a regular file: " + path);
    }
    if (Files.size(target) > MAX_BYTES) {
      throw new IOException("larger than " + MAX_BYTES + " bytes: " + path);
    }
    // Relative paths start where the operator sees the file, not where a link leads.
    Path directory = path.toAbsolutePath().normalize().getParent();
    Path base = directory == null ? path.toAbsolutePath() : directory;
    return new Content(name(), Files.readString(target), base);
  }
}
