package io.javelin.server.grpc;

import io.javelin.server.pipeline.Refusal;

/// The bytes are not a usable request; carries what to tell the caller.
final class MalformedMessageException extends Exception {
  private static final long serialVersionUID = 1L;

  private final transient Refusal refusal;

  /// The bytes are not the protobuf message they should be.
  MalformedMessageException(String what) {
    this(new Refusal.Malformed("Unable to parse request: " + what));
  }

  MalformedMessageException(Refusal refusal) {
    super(refusal.message(), null, false, false);
    this.refusal = refusal;
  }

  Refusal refusal() {
    return refusal;
  }
}
