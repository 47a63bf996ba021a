package io.javelin.server.tracing;

import io.javelin.server.pipeline.RequestTracer;
import org.jspecify.annotations.Nullable;

/// Traces nothing.
public enum TracingOff implements RequestTracer {
  INSTANCE;

  @Override
  public @Nullable RequestTrace start(@Nullable String traceparent, @Nullable String tracestate) {
    return null;
  }
}
