package io.javelin.server.config;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/// Where the configuration text is. Seam: a file, or a fixed text in tests.
///
/// Called by one thread at a time; may block on the disk. Both methods throw [IOException] when the
/// source cannot be read just now, which the watcher takes as a state, not as an end.
public interface ConfigSource {
  /// The file at `path`; symbolic links are followed anew at each call.
  static ConfigSource file(Path path) {
    return new FileConfigSource(path);
  }

  /// Name for error messages.
  String name();

  /// Cheap sign of identity: while it stays the same, the text most likely does.
  String stamp() throws IOException;

  /// The text as it is now.
  Content read() throws IOException;

  /// One state of the text.
  ///
  /// @param baseDirectory where relative paths in the text start
  record Content(String name, String text, Path baseDirectory) {
    /// SHA-256 of the text in UTF-8, in hexadecimal.
    public String sha256() {
      try {
        MessageDigest digest = MessageDigest.getInstance("SHA-256");
        return HexFormat.of().formatHex(digest.digest(text.getBytes(StandardCharsets.UTF_8)));
      } catch (NoSuchAlgorithmException e) {
        throw new IllegalStateException("every JDK has SHA-256", e);
      }
    }
  }
}
