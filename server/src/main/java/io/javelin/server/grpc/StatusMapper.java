package io.javelin.server.grpc;

import io.grpc.Metadata;
import io.grpc.Status;
import io.javelin.server.pipeline.Refusal;

/// The one place where refusals become gRPC status codes. Exhaustive: a new refusal does not
/// compile until it has its code here.
///
/// Source of the codes: Triton's error table, so that published clients react the same way.
final class StatusMapper {
  /// A longer text is cut: it may quote a name of any length, and gRPC clients take no more than 8
  /// KiB of metadata in all. A character becomes 9 bytes there at most.
  private static final int MAX_DESCRIPTION_CHARS = 800;

  /// Says when it makes sense to try again, in milliseconds; negative = never. gRPC clients with a
  /// retry policy obey it.
  private static final Metadata.Key<String> PUSHBACK =
      Metadata.Key.of("grpc-retry-pushback-ms", Metadata.ASCII_STRING_MARSHALLER);

  private StatusMapper() {}

  /// What goes with the status: when to try again, where that is known.
  static Metadata trailers(Refusal refusal) {
    Metadata trailers = new Metadata();
    switch (refusal) {
      case Refusal.NotAdmitted busy
          when code(busy) == Status.Code.UNAVAILABLE && busy.nanos() > 0 ->
          trailers.put(PUSHBACK, millis(busy.nanos()));
      case Refusal.OverQuota quota ->
          trailers.put(PUSHBACK, quota.refillNanos() < 0 ? "-1" : millis(quota.refillNanos()));
      default -> {}
    }
    return trailers;
  }

  /// Rounded up, so that nobody comes too early.
  private static String millis(long nanos) {
    return Long.toString((nanos + 999_999) / 1_000_000);
  }

  static Status toStatus(Refusal refusal) {
    return code(refusal).toStatus().withDescription(shortened(refusal.message()));
  }

  private static String shortened(String message) {
    return message.length() <= MAX_DESCRIPTION_CHARS
        ? message
        : message.substring(0, MAX_DESCRIPTION_CHARS) + "...";
  }

  private static Status.Code code(Refusal refusal) {
    return switch (refusal) {
      case Refusal.Malformed malformed -> Status.Code.INTERNAL;
      case Refusal.UnknownModel model -> Status.Code.NOT_FOUND;
      case Refusal.UnknownVersion version -> Status.Code.NOT_FOUND;
      case Refusal.NoReadyVersion version -> Status.Code.NOT_FOUND;
      case Refusal.VersionNotReady version -> Status.Code.UNAVAILABLE;
      case Refusal.InvalidArgument argument -> Status.Code.INVALID_ARGUMENT;
      case Refusal.NotAdmitted(var model, var version, var reason, var detail, var nanos) ->
          switch (reason) {
            case QUEUE_FULL, LIMIT, TENANT_SHARE, CLOSED -> Status.Code.UNAVAILABLE;
            case TOO_MANY_ROWS -> Status.Code.INVALID_ARGUMENT;
            case DEADLINE_PASSED, DEADLINE_UNREACHABLE -> Status.Code.DEADLINE_EXCEEDED;
          };
      case Refusal.OverQuota quota -> Status.Code.RESOURCE_EXHAUSTED;
      case Refusal.DeadlineExceeded deadline -> Status.Code.DEADLINE_EXCEEDED;
      case Refusal.QueueTimeout timeout -> Status.Code.UNAVAILABLE;
      case Refusal.EngineFailed failure -> Status.Code.INTERNAL;
    };
  }
}
