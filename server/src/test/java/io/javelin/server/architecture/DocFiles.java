package io.javelin.server.architecture;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// The repository's documents, for tests.
final class DocFiles {
  /// Surefire runs in the module's directory.
  static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

  private static final List<String> NOT_OURS =
      List.of("target", ".git", ".venv", "node_modules", "registry");

  private DocFiles() {}

  static String read(String path) {
    try {
      return Files.readString(ROOT.resolve(path));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// All Markdown files of the repository.
  static List<Path> markdown() {
    try (Stream<Path> files = Files.walk(ROOT)) {
      return files.filter(DocFiles::isOurs).filter(DocFiles::isMarkdown).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Contents of the fenced blocks of `language`, in order.
  static List<String> blocks(String markdown, String language) {
    Pattern fence =
        Pattern.compile("^```" + language + "\\n(.*?)^```$", Pattern.MULTILINE | Pattern.DOTALL);
    return fence.matcher(markdown).results().map(block -> block.group(1)).toList();
  }

  /// First capturing groups, or whole matches, of `pattern`.
  static List<MatchResult> find(Pattern pattern, String text) {
    return pattern.matcher(text).results().toList();
  }

  private static boolean isMarkdown(Path file) {
    return file.toString().endsWith(".md");
  }

  private static boolean isOurs(Path file) {
    for (Path part : ROOT.relativize(file)) {
      if (NOT_OURS.contains(part.toString())) {
        return false;
      }
    }
    return true;
  }
}
