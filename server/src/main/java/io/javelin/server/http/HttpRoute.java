package io.javelin.server.http;

import org.jspecify.annotations.Nullable;

/// Answers GET on one path. Called on the HTTP event loop; must not wait for anything.
@FunctionalInterface
public interface HttpRoute {
  /// Builds the reply.
  ///
  /// @param accept the request's `Accept` header, or null
  HttpReply get(@Nullable String accept);
}
