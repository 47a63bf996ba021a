package io.javelin.server.pipeline;

import io.javelin.batching.Admission;
import java.util.List;

/// Why a request is not answered with a prediction. Each front maps these, and only these, to its
/// status codes, in one exhaustive switch.
///
/// Messages begin with the words that Triton uses for the same mistake, because published clients
/// compare them, and then name expected and actual.
public sealed interface Refusal {
  /// Text for the caller.
  String message();

  /// The message is not a valid request.
  record Malformed(String message) implements Refusal {}

  /// No model of this name is configured.
  record UnknownModel(String model, List<String> known) implements Refusal {
    @Override
    public String message() {
      return "Request for unknown model: '%s' is not found; models here: %s"
          .formatted(model, known);
    }
  }

  /// The model has no such version.
  record UnknownVersion(String model, long version, List<Long> ready) implements Refusal {
    @Override
    public String message() {
      return "Request for unknown model: '%s' version %d is not found; ready versions: %s"
          .formatted(model, version, ready);
    }
  }

  /// The model is configured, but none of its versions can answer.
  record NoReadyVersion(String model, String why) implements Refusal {
    @Override
    public String message() {
      return "Request for unknown model: '%s' has no available versions%s".formatted(model, why);
    }
  }

  /// The version exists but cannot answer now.
  record VersionNotReady(String model, long version, String why) implements Refusal {
    @Override
    public String message() {
      return "Request for unknown model: '%s' version %d is not at ready state%s"
          .formatted(model, version, why);
    }
  }

  /// The version text is not a positive integer, or a tensor does not fit the model's signature, or
  /// a parameter has the wrong kind. `message` names model, tensor, expected and actual.
  record InvalidArgument(String message) implements Refusal {}

  /// The batcher did not take the request.
  ///
  /// @param nanos see [Admission.Refused]
  record NotAdmitted(String model, long version, Admission.Reason reason, String detail, long nanos)
      implements Refusal {
    @Override
    public String message() {
      return switch (reason) {
        case QUEUE_FULL ->
            "Exceeds maximum queue size: model '" + model + "' version " + version + ", " + detail;
        case LIMIT ->
            "Exceeds concurrency limit: model '" + model + "' version " + version + ", " + detail;
        case TENANT_SHARE ->
            "model '" + model + "' version " + version + " is busy: the tenant holds " + detail;
        case DEADLINE_UNREACHABLE ->
            "deadline cannot be met: model '" + model + "' version " + version + " " + detail;
        case TOO_MANY_ROWS ->
            "inference request batch-size must be <= %s for '%s'".formatted(detail, model);
        case DEADLINE_PASSED ->
            "deadline had passed on arrival at model '%s' version %d".formatted(model, version);
        case CLOSED -> "model '%s' version %d is being unloaded".formatted(model, version);
      };
    }
  }

  /// The tenant has used up its quota.
  ///
  /// @param tenant empty for requests that name none
  /// @param refillNanos until one more request is within the quota; negative = never
  record OverQuota(String tenant, String model, long refillNanos) implements Refusal {
    @Override
    public String message() {
      String again =
          refillNanos < 0 ? "none is allowed" : "next in " + Refusals.millis(refillNanos) + " ms";
      return "quota of tenant '" + tenant + "' exceeded for model '" + model + "': " + again;
    }
  }

  /// The caller's deadline passed while the request waited.
  record DeadlineExceeded(String model, long version) implements Refusal {
    @Override
    public String message() {
      return "deadline passed while waiting for model '%s' version %d".formatted(model, version);
    }
  }

  /// The queue time-out (of the request or of the model's queue policy) passed.
  record QueueTimeout(String model, long version) implements Refusal {
    @Override
    public String message() {
      return "Request timeout expired: model '%s' version %d".formatted(model, version);
    }
  }

  /// The engine failed on this request.
  record EngineFailed(String model, long version, String what) implements Refusal {
    @Override
    public String message() {
      return "model '%s' version %d failed: %s".formatted(model, version, what);
    }
  }
}
