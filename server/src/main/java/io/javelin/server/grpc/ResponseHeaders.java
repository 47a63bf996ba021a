package io.javelin.server.grpc;

import io.grpc.Metadata;
import io.javelin.server.pipeline.CacheResult;
import io.javelin.server.pipeline.InferCall;
import io.javelin.server.pipeline.VersionText;

/// What an answer says in gRPC metadata, besides the protocol's own message.
public final class ResponseHeaders {
  /// The version that computed the answer, as a decimal number.
  public static final Metadata.Key<String> MODEL_VERSION =
      Metadata.Key.of("javelin-model-version", Metadata.ASCII_STRING_MARSHALLER);

  /// The variant that the user was given.
  public static final Metadata.Key<String> VARIANT =
      Metadata.Key.of("javelin-variant", Metadata.ASCII_STRING_MARSHALLER);

  /// `hit` or `shared` when the answer was not computed for this request; absent otherwise.
  public static final Metadata.Key<String> CACHE =
      Metadata.Key.of("javelin-cache", Metadata.ASCII_STRING_MARSHALLER);

  static final Metadata.Key<String> TRACEPARENT =
      Metadata.Key.of("traceparent", Metadata.ASCII_STRING_MARSHALLER);

  static final Metadata.Key<String> TRACESTATE =
      Metadata.Key.of("tracestate", Metadata.ASCII_STRING_MARSHALLER);

  private ResponseHeaders() {}

  static Metadata of(InferCall call) {
    Metadata headers = new Metadata();
    headers.put(MODEL_VERSION, VersionText.of(call.version()));
    headers.put(VARIANT, call.variant());
    if (call.cacheResult() == CacheResult.HIT) {
      headers.put(CACHE, "hit");
    } else if (call.cacheResult() == CacheResult.SHARED) {
      headers.put(CACHE, "shared");
    }
    String traceparent = call.traceparent();
    if (traceparent != null) {
      headers.put(TRACEPARENT, traceparent);
    }
    return headers;
  }
}
