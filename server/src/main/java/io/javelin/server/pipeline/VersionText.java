package io.javelin.server.pipeline;

import java.util.List;
import java.util.stream.LongStream;

/// The version field of a request and of an answer: a positive decimal number, or in a request
/// empty for "the server chooses". Pure.
public final class VersionText {
  /// No version was asked for.
  public static final long NONE = 0;

  /// The text is not a version.
  public static final long INVALID = -1;

  /// Versions counted from 1 are in every answer; those that are dates are made anew each time.
  private static final List<String> SMALL =
      LongStream.range(0, 256).mapToObj(Long::toString).toList();

  private VersionText() {}

  /// Decimal text of a version.
  public static String of(long version) {
    return version >= 0 && version < SMALL.size()
        ? SMALL.get((int) version)
        : Long.toString(version);
  }

  /// The version, [#NONE] or [#INVALID].
  public static long parse(String text) {
    if (text.isEmpty()) {
      return NONE;
    }
    try {
      long version = Long.parseLong(text);
      return version > 0 ? version : INVALID;
    } catch (NumberFormatException e) {
      return INVALID;
    }
  }

  /// What is wrong with a text that [#parse] calls invalid, in Triton's words (clients compare the
  /// text up to the quoted version).
  public static String complaint(String text) {
    try {
      Long.parseLong(text);
      return "invalid model version specified '%s' , version should be an integral value > 0"
          .formatted(text);
    } catch (NumberFormatException e) {
      return ("failed to get model version from specified version string '%s' (details: stol),"
              + " version should be an integral value > 0")
          .formatted(text);
    }
  }
}
