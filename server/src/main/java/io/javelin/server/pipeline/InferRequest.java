package io.javelin.server.pipeline;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// A decoded inference request. Names are text, tensor data are views of the received message.
///
/// @param model model name as sent, possibly unknown
/// @param version version text as sent; empty means "let the server choose"
/// @param id request id, copied to the answer
/// @param inputs in the order of the message
/// @param requestedOutputs names of wanted outputs; empty means all
/// @param parameters what the pipeline reads of the request parameters
public record InferRequest(
    String model,
    String version,
    String id,
    List<Input> inputs,
    List<String> requestedOutputs,
    Parameters parameters) {

  /// One input tensor.
  ///
  /// @param datatype as sent, e.g. `FP32`; validated against the model
  /// @param shape fully specified
  /// @param data null when the message has no data for this input
  public record Input(String name, String datatype, long[] shape, @Nullable TensorBytes data) {}

  /// Request parameters with a meaning here.
  ///
  /// @param userId the value of the configured user-id parameter, or null
  /// @param timeoutMicros time the request may wait in the queue; 0 = not given
  /// @param priority 1 is served first; 0 = not given
  /// @param tenant the value of the configured tenant parameter, or null
  public record Parameters(
      @Nullable String userId, long timeoutMicros, long priority, @Nullable String tenant) {
    /// A request without parameters.
    public static final Parameters NONE = new Parameters(null, 0, 0, null);
  }
}
