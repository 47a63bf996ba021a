package io.javelin.server.architecture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/// Documents point at things that exist.
final class DocumentationTest {
  private static final Pattern CODE =
      Pattern.compile("^ *```.*?^ *```|`[^`\\n]*`", Pattern.MULTILINE | Pattern.DOTALL);
  private static final Pattern LINK = Pattern.compile("]\\(<?([^)>\\s]+)>?(?: \"[^\"]*\")?\\)");
  private static final Pattern ELSEWHERE = Pattern.compile("[a-z][a-z+.-]*:.*|#.*");
  private static final Pattern DOC = Pattern.compile("docs/[\\w./-]+\\.md");

  @Test
  void everyRelativeLinkLeadsToAFile() {
    List<String> broken = new ArrayList<>();
    int links = 0;
    for (Path page : DocFiles.markdown()) {
      String prose = CODE.matcher(DocFiles.read(page.toString())).replaceAll("");
      for (MatchResult link : DocFiles.find(LINK, prose)) {
        String target = link.group(1);
        if (ELSEWHERE.matcher(target).matches()) {
          continue;
        }
        links++;
        if (!Files.exists(page.resolveSibling(target.replaceFirst("#.*", "")))) {
          broken.add(DocFiles.ROOT.relativize(page) + " -> " + target);
        }
      }
    }
    assertEquals(List.of(), broken);
    assertTrue(links > 10, "links seen: " + links);
  }

  /// Prose, code and scripts also name documents without linking to them.
  @Test
  void everyDocumentThatAPageOrTheLauncherNamesExists() {
    List<Path> readers = new ArrayList<>(DocFiles.markdown());
    readers.add(DocFiles.ROOT.resolve("javelin"));
    List<String> missing = new ArrayList<>();
    for (Path reader : readers) {
      for (MatchResult named : DocFiles.find(DOC, DocFiles.read(reader.toString()))) {
        if (!Files.exists(DocFiles.ROOT.resolve(named.group()))) {
          missing.add(DocFiles.ROOT.relativize(reader) + " names " + named.group());
        }
      }
    }
    assertEquals(List.of(), missing);
  }
}
