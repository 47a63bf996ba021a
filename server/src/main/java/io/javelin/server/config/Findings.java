package io.javelin.server.config;

import io.javelin.server.config.Places.Place;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Collects the mistakes of one file. One per value: the first said about it stays.
final class Findings {
  /// With more mistakes than this the file is something else; further checks are not worth it.
  private static final int MANY = 1_000;

  private final String file;
  private final Places places;
  private final List<ConfigError> errors = new ArrayList<>();
  private final Set<Place> told = new HashSet<>();
  private final Set<String> suspects = new HashSet<>();

  Findings(String file, Places places) {
    this.file = file;
    this.places = places;
  }

  void report(String pointer, String expected, @Nullable String actual) {
    report(pointer, expected, actual, null);
  }

  void report(String pointer, String expected, @Nullable String actual, @Nullable String hint) {
    reportAt(pointer, places.at(pointer), expected, actual, hint);
  }

  void reportAt(
      String pointer,
      Place place,
      String expected,
      @Nullable String actual,
      @Nullable String hint) {
    if (told.add(place)) {
      errors.add(new ConfigError(file, place.line(), place.key(), expected, actual, hint));
    }
    suspects.add(pointer);
  }

  /// Adds an error found elsewhere.
  void add(ConfigError error) {
    errors.add(error);
  }

  /// Marks a value that is missing, probably because its key is misspelled: checks that would take
  /// its default instead stay silent.
  void suspect(String pointer) {
    suspects.add(pointer);
  }

  /// Whether nothing is wrong with the value, with a part of it, or with what it is a part of.
  /// Checks between fields ask this first, so that one mistake is not told twice.
  boolean sound(String pointer) {
    return suspects.size() < MANY
        && suspects.stream().noneMatch(s -> within(s, pointer) || within(pointer, s));
  }

  /// Whether nothing was found at all.
  boolean isEmpty() {
    return errors.isEmpty();
  }

  /// All errors, by line.
  List<ConfigError> sorted() {
    return errors.stream()
        .sorted(Comparator.comparingInt(ConfigError::line).thenComparing(ConfigError::key))
        .toList();
  }

  private static boolean within(String pointer, String outer) {
    return pointer.startsWith(outer)
        && (pointer.length() == outer.length() || pointer.charAt(outer.length()) == '/');
  }
}
