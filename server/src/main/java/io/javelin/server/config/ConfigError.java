package io.javelin.server.config;

import org.jspecify.annotations.Nullable;

/// One mistake in a configuration file.
///
/// @param file name of the source, as the operator gave it
/// @param line 1-based
/// @param key path of the key, such as `models[0].max_batch_size`; `document` for the whole file
/// @param expected what would have been right; a whole sentence when `actual` is null
/// @param actual what was found, or null
/// @param hint how to mend it, or null
public record ConfigError(
    String file,
    int line,
    String key,
    String expected,
    @Nullable String actual,
    @Nullable String hint) {

  /// `FILE:LINE: KEY.PATH: expected X, got Y (did you mean "Z"?)`.
  @Override
  public String toString() {
    String problem = actual == null ? expected : "expected " + expected + ", got " + actual;
    String tail = hint == null ? "" : " (" + hint + ")";
    return file + ":" + line + ": " + key + ": " + problem + tail;
  }
}
