package io.javelin.server;

/// The version that the server reports of itself.
final class ServerVersion {
  static final String TEXT = "0.1.0";

  private ServerVersion() {}
}
