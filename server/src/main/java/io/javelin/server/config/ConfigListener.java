package io.javelin.server.config;

/// Told about each new content of the configuration. Called on `config-watcher`; may block it,
/// which only delays the next look.
@FunctionalInterface
public interface ConfigListener {
  /// Called once per distinct content, good or bad. A content that comes back is distinct from the
  /// one in between, so after a bad content the one in force may be told again.
  void onChange(ConfigParser.Result result);
}
