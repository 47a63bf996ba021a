package io.javelin.server.config;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Whatever stands in the file, the parser answers.
final class ConfigFuzzTest {
  private static final int FILES_PER_SEED = 400;

  private static final List<String> SNIPPETS =
      List.of(
          ":",
          "- ",
          "[",
          "]",
          "{",
          "}",
          "*a",
          "&a ",
          "!!int ",
          "? ",
          "|",
          "#",
          "%",
          "@",
          "\t",
          "\n",
          "---\n",
          "...\n",
          "\"",
          "'",
          "~",
          "null",
          "{}",
          "[]",
          "-1",
          "1e400",
          "0x7f",
          "0o17",
          "9223372036854775808",
          "1e-300",
          ".nan",
          "<<: ",
          "\u0000",
          "\uFEFF",
          "\u00e4",
          "\ud83d",
          "true",
          "models:\n",
          "routing: ",
          "home: [1]\n",
          "name: ",
          ": {a: [b, {c: d}]}");

  private final ConfigParser parser = Examples.parser();

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void answersToEveryText(long seed) {
    Random random = new Random(seed);
    int valid = 0;
    for (int i = 0; i < FILES_PER_SEED; i++) {
      String text = mutate(Examples.FULL, random);
      try {
        switch (parser.parse("j.yaml", text, Examples.BASE)) {
          case ConfigParser.Result.Valid v -> valid++;
          case ConfigParser.Result.Invalid invalid -> checkErrors(invalid.errors(), text);
        }
      } catch (RuntimeException | StackOverflowError e) {
        fail("seed " + seed + ", file " + i + ":\n" + text, e);
      }
    }
    assertTrue(valid > 0 && valid < FILES_PER_SEED, "valid: " + valid);
  }

  private static void checkErrors(List<ConfigError> errors, String text) {
    assertFalse(errors.isEmpty());
    long lines = text.lines().count() + 1;
    for (ConfigError error : errors) {
      assertTrue(error.line() >= 1 && error.line() <= lines, error.toString());
      assertFalse(error.toString().contains("\n"), error.toString());
    }
  }

  private static String mutate(String text, Random random) {
    StringBuilder out = new StringBuilder(text);
    int edits = 1 + random.nextInt(4);
    for (int i = 0; i < edits; i++) {
      int at = random.nextInt(out.length());
      int end = Math.min(out.length(), at + random.nextInt(12));
      switch (random.nextInt(4)) {
        case 0 -> out.delete(at, end);
        case 1 -> out.insert(at, SNIPPETS.get(random.nextInt(SNIPPETS.size())));
        case 2 -> out.setCharAt(at, (char) (' ' + random.nextInt(95)));
        default -> swapLines(out, random);
      }
    }
    return out.toString();
  }

  private static void swapLines(StringBuilder text, Random random) {
    List<String> lines = new ArrayList<>(text.toString().lines().toList());
    Collections.swap(lines, random.nextInt(lines.size()), random.nextInt(lines.size()));
    text.setLength(0);
    text.append(String.join("\n", lines)).append('\n');
  }
}
