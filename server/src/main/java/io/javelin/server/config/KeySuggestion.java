package io.javelin.server.config;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;

/// Finds the word that a misspelled one was meant to be.
final class KeySuggestion {
  private KeySuggestion() {}

  /// The nearest of `known`, when it is near enough to be a slip of the keyboard.
  static Optional<String> nearest(String word, Collection<String> known) {
    String wanted = snakeCase(word);
    int limit = wanted.length() <= 3 ? 1 : Math.max(2, wanted.length() / 4);
    return known.stream()
        .filter(candidate -> Math.abs(candidate.length() - wanted.length()) <= limit)
        .filter(candidate -> distance(wanted, candidate, limit) <= limit)
        .min(
            Comparator.comparingInt((String c) -> distance(wanted, c, limit))
                .thenComparing(c -> c));
  }

  /// `maxBatchSize`, `max-batch-size` and `Max_Batch_Size` are all `max_batch_size`.
  static String snakeCase(String word) {
    return word.replaceAll("([a-z0-9])([A-Z])", "$1_$2").replace('-', '_').toLowerCase(Locale.ROOT);
  }

  /// Edit distance that counts a swap of neighbours as one edit (optimal string alignment). Words
  /// are compared only when their lengths are close, so a long key costs nothing.
  private static int distance(String a, String b, int limit) {
    if (Math.abs(a.length() - b.length()) > limit) {
      return limit + 1;
    }
    int[][] d = new int[a.length() + 1][b.length() + 1];
    for (int i = 0; i <= a.length(); i++) {
      d[i][0] = i;
    }
    for (int j = 0; j <= b.length(); j++) {
      d[0][j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      for (int j = 1; j <= b.length(); j++) {
        int cost = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
        int best = Math.min(d[i - 1][j] + 1, d[i][j - 1] + 1);
        best = Math.min(best, d[i - 1][j - 1] + cost);
        if (i > 1
            && j > 1
            && a.charAt(i - 1) == b.charAt(j - 2)
            && a.charAt(i - 2) == b.charAt(j - 1)) {
          best = Math.min(best, d[i - 2][j - 2] + 1);
        }
        d[i][j] = best;
      }
    }
    return d[a.length()][b.length()];
  }
}
