package io.javelin.loader.store;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/// Opens the store that a URI names, picking the implementation by scheme.
///
/// The implementations are handed in, for example `Map.of("file", FileModelStore::open)`, so that
/// this package depends on none of them.
public final class StoreOpener {
  /// Opens stores of one scheme.
  @FunctionalInterface
  public interface SchemeOpener {
    /// Opens the store.
    ///
    /// @param location the whole URI, scheme included
    /// @param cacheDirectory where fetched versions are kept
    /// @throws IllegalArgumentException when the URI has a part that the scheme does not know
    ModelStore open(URI location, Path cacheDirectory) throws IOException;
  }

  private final Map<String, SchemeOpener> byScheme;

  /// Knows these schemes, written in lower case without the colon.
  public StoreOpener(Map<String, SchemeOpener> byScheme) {
    this.byScheme = new TreeMap<>(byScheme);
  }

  /// Opens the store at `location`. The caller closes it.
  ///
  /// @throws IllegalArgumentException when the scheme is missing or unknown; names those supported
  public ModelStore open(URI location, Path cacheDirectory) throws IOException {
    String scheme = location.getScheme();
    if (scheme == null) {
      throw new IllegalArgumentException(
          "model store '" + location + "' has no scheme; " + supported());
    }
    SchemeOpener opener = byScheme.get(scheme.toLowerCase(Locale.ROOT));
    if (opener == null) {
      throw new IllegalArgumentException(
          "model store '" + location + "' has the unknown scheme '" + scheme + "'; " + supported());
    }
    return opener.open(location, cacheDirectory);
  }

  private String supported() {
    return "supported: " + String.join(", ", byScheme.keySet().stream().map(s -> s + ":").toList());
  }
}
