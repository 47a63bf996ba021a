package io.javelin.server.grpc;

import io.javelin.server.pipeline.InferRequest.Parameters;
import org.jspecify.annotations.Nullable;

/// Reads the entries of `ModelInferRequest.parameters` that mean something here: `timeout`,
/// `priority`, the user id and the tenant. Others are accepted and ignored, except those that
/// Triton reserves.
final class ParameterDecoder {
  private static final int BOOL = 1;
  private static final int INT64 = 2;
  private static final int STRING = 3;
  private static final int UINT64 = 5;

  private static final String RESERVED_PREFIX = "triton_";
  private static final String ALLOWED_RESERVED = "triton_enable_empty_final_response";

  private final WireCursor cursor;
  private final String userIdName;
  private final @Nullable String tenantName;
  private @Nullable String userId;
  private @Nullable String tenant;
  private long timeoutMicros;
  private long priority;
  private boolean any;

  // The value of the entry being read.
  private int kind;
  private long number;
  private String text = "";

  /// @param tenantName null = no parameter means the tenant
  ParameterDecoder(WireCursor cursor, String userIdName, @Nullable String tenantName) {
    this.cursor = cursor;
    this.tenantName = tenantName;
    this.userIdName = userIdName;
  }

  Parameters result() {
    return any ? new Parameters(userId, timeoutMicros, priority, tenant) : Parameters.NONE;
  }

  /// Reads one map entry, the cursor standing before its length.
  void readEntry() throws MalformedMessageException {
    String key = "";
    kind = 0;
    int outer = cursor.enter(cursor.readLength());
    while (cursor.hasMore()) {
      int tag = cursor.readTag();
      switch (tag) {
        case 1 << 3 | WireCursor.WIRE_LENGTH_DELIMITED -> key = cursor.readString();
        case 2 << 3 | WireCursor.WIRE_LENGTH_DELIMITED -> readValue();
        default -> cursor.skip(tag);
      }
    }
    cursor.leave(outer);
    any = true;
    take(key);
  }

  private void readValue() throws MalformedMessageException {
    int outer = cursor.enter(cursor.readLength());
    while (cursor.hasMore()) {
      int tag = cursor.readTag();
      kind = tag >>> 3;
      if ((tag & 7) == WireCursor.WIRE_VARINT) {
        number = cursor.readVarint();
      } else if (tag == (STRING << 3 | WireCursor.WIRE_LENGTH_DELIMITED)) {
        text = cursor.readString();
      } else {
        cursor.skip(tag);
      }
    }
    cursor.leave(outer);
  }

  private void take(String key) throws MalformedMessageException {
    if (key.equals(tenantName)) {
      tenant = identity(key);
    }
    if (key.equals(userIdName)) {
      userId = identity(key);
    } else if (key.equals("priority")) {
      takePriority();
    } else if (key.equals("timeout")) {
      if (kind != INT64 || number < 0) {
        throw InferRequestDecoder.invalid(
            "invalid value type for 'timeout' parameter, expected int64_param.");
      }
      timeoutMicros = number;
    } else if (key.startsWith(RESERVED_PREFIX) && !(key.equals(ALLOWED_RESERVED) && kind == BOOL)) {
      throw InferRequestDecoder.invalid(
          ("parameter keys starting with 'triton_' are reserved for Triton usage. Only the"
                  + " following keys starting with 'triton_' are allowed: %s (bool_param); got '%s'")
              .formatted(ALLOWED_RESERVED, key));
    }
  }

  private void takePriority() throws MalformedMessageException {
    if (kind != INT64 && kind != UINT64) {
      throw InferRequestDecoder.invalid(
          "invalid value type for 'priority' parameter, expected int64_param or uint64_param.");
    }
    if (kind == INT64 && number < 0) {
      throw InferRequestDecoder.invalid(
          "invalid value for 'priority', expected value >= 0; got " + number + ".");
    }
    // A uint64 beyond the largest long is as unknown a level as that one.
    priority = number < 0 ? Long.MAX_VALUE : number;
  }

  private String identity(String key) throws MalformedMessageException {
    return switch (kind) {
      case STRING -> text;
      case INT64 -> Long.toString(number);
      default ->
          throw InferRequestDecoder.invalid(
              "invalid value type for '%s' parameter, expected string_param or int64_param."
                  .formatted(key));
    };
  }
}
