package io.javelin.loader.store.file;

import io.javelin.loader.store.TritonLayout;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// What a version's directory held at one moment. Two equal values mean that nothing changed
/// between them, as far as names, sizes and modification times tell.
///
/// @param files sorted by path; links are resolved
/// @param uploadMark a file that says the upload is not finished; null if there is none
/// @param problem why the version can never be fetched as it stands; null if there is no reason
record VersionFiles(List<SourceFile> files, @Nullable String uploadMark, @Nullable String problem) {
  /// One regular file.
  ///
  /// @param path relative to the version's directory, with `/`
  /// @param source where the bytes are, links resolved
  record SourceFile(String path, Path source, long sizeBytes, long modifiedNanos) {}

  private static final int MAX_DEPTH = 16;

  VersionFiles {
    files = List.copyOf(files);
  }

  /// Reads the directory. Links are followed as long as they stay inside it.
  ///
  /// @param home the version's directory, a real path
  /// @throws IOException when something vanishes meanwhile or cannot be read
  static VersionFiles scan(Path home) throws IOException {
    Scan scan = new Scan(home);
    scan.visit(home, "", 0);
    scan.found.sort(Comparator.comparing(SourceFile::path));
    return new VersionFiles(scan.found, scan.mark, scan.problem);
  }

  /// A version that is refused without looking into it.
  static VersionFiles refused(String problem) {
    return new VersionFiles(List.of(), null, problem);
  }

  /// Whether the version should be seen. A broken one is: its failure has to be told somewhere.
  boolean isListed() {
    return uploadMark == null && (problem != null || !files.isEmpty());
  }

  /// SHA-256 over names, sizes, times and marks, in hex.
  String fingerprint() {
    MessageDigest digest = sha256();
    for (SourceFile file : files) {
      String line = file.path + '\0' + file.sizeBytes + '\0' + file.modifiedNanos + '\n';
      digest.update(line.getBytes(StandardCharsets.UTF_8));
    }
    digest.update((uploadMark + "\0" + problem).getBytes(StandardCharsets.UTF_8));
    return HexFormat.of().formatHex(digest.digest());
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  private static final class Scan {
    private final Path home;
    private final List<SourceFile> found = new ArrayList<>();
    private @Nullable String mark;
    private @Nullable String problem;

    private Scan(Path home) {
      this.home = home;
    }

    private void visit(Path directory, String prefix, int depth) throws IOException {
      if (depth > MAX_DEPTH) {
        problem = "'" + prefix + "' is nested deeper than " + MAX_DEPTH + " directories";
        return;
      }
      try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
        for (Path entry : entries) {
          String name = entry.getFileName().toString();
          if (!TritonLayout.isVolumeInternal(name)) {
            visitEntry(entry, prefix + name, name, depth);
          }
        }
      }
    }

    private void visitEntry(Path entry, String path, String name, int depth) throws IOException {
      if (TritonLayout.isUploadMark(name)) {
        mark = path;
        return;
      }
      if (Files.isSymbolicLink(entry) && !Files.exists(entry)) {
        problem = "'" + path + "' is a link to nothing";
        return;
      }
      Path real = entry.toRealPath();
      if (!real.startsWith(home)) {
        problem = "'" + path + "' is a link that leaves the version's directory";
        return;
      }
      BasicFileAttributes attributes =
          Files.readAttributes(real, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
      if (attributes.isDirectory()) {
        visit(real, path + "/", depth + 1);
      } else if (attributes.isRegularFile()) {
        long modified = attributes.lastModifiedTime().to(TimeUnit.NANOSECONDS);
        found.add(new SourceFile(path, real, attributes.size(), modified));
      } else {
        problem = "'" + path + "' is neither a file nor a directory";
      }
    }
  }
}
