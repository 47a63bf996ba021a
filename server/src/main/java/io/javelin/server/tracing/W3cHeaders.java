package io.javelin.server.tracing;

import org.jspecify.annotations.Nullable;

/// The two headers of a W3C trace context.
record W3cHeaders(String traceparent, @Nullable String tracestate) {

  /// The propagator's view of the headers.
  static @Nullable String value(@Nullable W3cHeaders headers, String key) {
    if (headers == null) {
      return null;
    }
    return switch (key) {
      case "traceparent" -> headers.traceparent();
      case "tracestate" -> headers.tracestate();
      default -> null;
    };
  }
}
