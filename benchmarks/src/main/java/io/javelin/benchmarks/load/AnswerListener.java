package io.javelin.benchmarks.load;

import io.grpc.Status;

/// Told about every answer, those of the warm-up included. Called on an event loop of the channels,
/// or on the sending thread; must not block and must not throw.
@FunctionalInterface
public interface AnswerListener {
  /// A request was answered with OK.
  ///
  /// @param response serialised `ModelInferResponse`; the listener may keep it
  /// @param userId empty when no user id was sent
  /// @param requestIndex which request of the [RequestTemplate] was sent
  /// @param variant of the response header `javelin-variant`, or [VariantSnapshot#UNKNOWN]
  /// @param version of the response header `javelin-model-version`, or [VariantSnapshot#UNKNOWN]
  void onAnswer(byte[] response, String userId, int requestIndex, String variant, String version);

  /// A request ended with an error.
  default void onFailure(Status status, String userId, String variant, String version) {}

  /// Ignores every answer.
  static AnswerListener none() {
    return (response, userId, requestIndex, variant, version) -> {};
  }
}
