package io.javelin.benchmarks.load;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/// Finds the checked-out commit in the files of Git, so that no process has to be started.
final class GitCommit {
  static final String UNKNOWN = "unknown";

  private GitCommit() {}

  /// The commit that `directory` or the nearest parent with a repository has checked out.
  static String of(Path directory) {
    for (Path at = directory; at != null; at = at.getParent()) {
      if (Files.exists(at.resolve(".git"))) {
        try {
          return commitOf(at.resolve(".git"));
        } catch (IOException e) {
          return UNKNOWN;
        }
      }
    }
    return UNKNOWN;
  }

  private static String commitOf(Path dotGit) throws IOException {
    Path gitDirectory = dotGit;
    if (Files.isRegularFile(dotGit)) {
      String link = Files.readString(dotGit).strip();
      gitDirectory = dotGit.resolveSibling(link.substring(link.indexOf(' ') + 1));
    }
    String head = Files.readString(gitDirectory.resolve("HEAD")).strip();
    if (!head.startsWith("ref: ")) {
      return head;
    }
    String reference = head.substring("ref: ".length());
    Path common = commonDirectory(gitDirectory);
    Path loose = common.resolve(reference);
    if (Files.exists(loose)) {
      return Files.readString(loose).strip();
    }
    try (Stream<String> packed = Files.lines(common.resolve("packed-refs"))) {
      return packed
          .filter(line -> line.endsWith(" " + reference))
          .map(line -> line.substring(0, line.indexOf(' ')))
          .findFirst()
          .orElse(UNKNOWN);
    }
  }

  // A linked worktree keeps its branches in the main repository.
  private static Path commonDirectory(Path gitDirectory) throws IOException {
    Path pointer = gitDirectory.resolve("commondir");
    return Files.exists(pointer)
        ? gitDirectory.resolve(Files.readString(pointer).strip()).normalize()
        : gitDirectory;
  }
}
