package io.javelin.server.http;

import java.nio.charset.StandardCharsets;

/// A complete answer.
///
/// @param status HTTP status code
@SuppressWarnings("ArrayRecordComponent") // Written once, read once.
public record HttpReply(int status, String contentType, byte[] body) {
  /// A JSON answer.
  public static HttpReply json(int status, String json) {
    return new HttpReply(status, "application/json", json.getBytes(StandardCharsets.UTF_8));
  }
}
