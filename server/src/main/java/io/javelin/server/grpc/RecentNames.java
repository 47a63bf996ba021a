package io.javelin.server.grpc;

import org.jspecify.annotations.Nullable;

/// Gives back the same text for bytes that were seen before: the names of models, tensors and types
/// are the same in nearly every request, and making them anew is a quarter of what decoding a small
/// request allocates.
///
/// A table of fixed size that forgets by overwriting, so callers cannot fill memory with names.
/// Thread-safe without a lock: a race only makes a text twice.
final class RecentNames {
  private static final int SLOTS = 1_024;

  /// A longer name is made anew each time.
  private static final int MAX_LENGTH = 128;

  private final @Nullable String[] slots = new String[SLOTS];

  /// The UTF-8 text of `length` bytes of `message` from `offset`.
  String text(ReceivedMessage message, int offset, int length) {
    if (length == 0) {
      return "";
    }
    if (length > MAX_LENGTH) {
      return message.text(offset, length);
    }
    int slot = slotOf(message, offset, length);
    String known = slots[slot];
    if (known != null && holds(message, offset, length, known)) {
      return known;
    }
    String text = message.text(offset, length);
    slots[slot] = text;
    return text;
  }

  private static int slotOf(ReceivedMessage message, int offset, int length) {
    int hash = length;
    for (int i = 0; i < length; i++) {
      hash = 31 * hash + message.byteAt(offset + i);
    }
    return (hash ^ hash >>> 16) & (SLOTS - 1);
  }

  /// Whether the bytes are `text`. No for text beyond ASCII, whose bytes are negative.
  private static boolean holds(ReceivedMessage message, int offset, int length, String text) {
    if (text.length() != length) {
      return false;
    }
    for (int i = 0; i < length; i++) {
      if (message.byteAt(offset + i) != text.charAt(i)) {
        return false;
      }
    }
    return true;
  }
}
