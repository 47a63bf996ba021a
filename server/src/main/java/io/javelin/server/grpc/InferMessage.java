package io.javelin.server.grpc;

import io.javelin.server.pipeline.InferRequest;
import io.javelin.server.pipeline.Payload;
import io.javelin.server.pipeline.Refusal;

/// What came in on a ModelInfer call: a request with the memory it points into, or the reason why
/// there is none. Decoding must not throw: gRPC would answer UNKNOWN without a message.
sealed interface InferMessage {
  /// A decoded request; whoever gets it owns `payload`.
  record Decoded(InferRequest request, Payload payload) implements InferMessage {}

  /// Not decodable; nothing is held.
  record Undecodable(Refusal refusal) implements InferMessage {}
}
