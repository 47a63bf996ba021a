package io.javelin.server.pipeline;

import org.jspecify.annotations.Nullable;

/// Seam to tracing. When tracing is off, [#start] returns null and costs one branch.
public interface RequestTracer {
  /// Starts the span of one request, as a child of the caller's W3C context when there is one. Null
  /// when tracing is off.
  @Nullable RequestTrace start(@Nullable String traceparent, @Nullable String tracestate);

  /// The span of one request.
  interface RequestTrace {
    /// W3C `traceparent` of the request's span, for the response.
    String traceparent();

    /// Ends the span and its queue and compute children with the times taken on the way. Times are
    /// monotonic nanoseconds of the server's clock; a stage that was not reached is 0.
    ///
    /// @param version 0 when the request was refused before it reached one
    /// @param error short name of what went wrong, or null for success
    void end(
        String model,
        long version,
        String variant,
        int rows,
        long arrivedNanos,
        long computeStartNanos,
        long computeEndNanos,
        long endNanos,
        @Nullable String error);
  }
}
