package io.javelin.server;

/// The server cannot start. The message is for the operator and needs no stack trace.
public final class StartFailedException extends Exception {
  private static final long serialVersionUID = 1L;

  StartFailedException(String message) {
    super(message);
  }

  StartFailedException(String message, Throwable cause) {
    super(message, cause);
  }
}
