package io.javelin.server.grpc;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// The bytes of one received message, in one buffer or several, addressed by offset. Absolute reads
/// only: safe to read from any thread while the buffers live.
final class ReceivedMessage {
  private final ByteBuffer[] parts;
  private final int[] starts;
  private final int size;

  /// Views of `parts`, which stay owned by the caller.
  ReceivedMessage(List<ByteBuffer> parts) {
    this.parts = new ByteBuffer[parts.size()];
    this.starts = new int[parts.size()];
    int at = 0;
    for (int i = 0; i < this.parts.length; i++) {
      this.parts[i] = parts.get(i).slice().order(ByteOrder.LITTLE_ENDIAN);
      starts[i] = at;
      at += this.parts[i].limit();
    }
    this.size = at;
  }

  int size() {
    return size;
  }

  byte byteAt(int offset) {
    int part = partOf(offset);
    return parts[part].get(offset - starts[part]);
  }

  int intAt(int offset) {
    int part = partOf(offset);
    int inPart = offset - starts[part];
    if (inPart + Integer.BYTES <= parts[part].limit()) {
      return parts[part].getInt(inPart);
    }
    int value = 0;
    for (int i = 0; i < Integer.BYTES; i++) {
      value |= (byteAt(offset + i) & 0xff) << (8 * i);
    }
    return value;
  }

  String text(int offset, int length) {
    byte[] bytes = new byte[length];
    int part = partOf(offset);
    int inPart = offset - starts[part];
    for (int done = 0; done < length; part++) {
      int chunk = Math.min(length - done, parts[part].limit() - inPart);
      parts[part].get(inPart, bytes, done, chunk);
      done += chunk;
      inPart = 0;
    }
    return new String(bytes, StandardCharsets.UTF_8);
  }

  /// Copies `length` bytes from `offset` to `target`.
  void copy(int offset, MemorySegment target, long targetOffset, int length) {
    int part = partOf(offset);
    int inPart = offset - starts[part];
    int left = length;
    long to = targetOffset;
    while (left > 0) {
      int chunk = Math.min(left, parts[part].limit() - inPart);
      MemorySegment.copy(
          MemorySegment.ofBuffer(parts[part]),
          ValueLayout.JAVA_BYTE,
          inPart,
          target,
          ValueLayout.JAVA_BYTE,
          to,
          chunk);
      left -= chunk;
      to += chunk;
      inPart = 0;
      part++;
    }
  }

  private int partOf(int offset) {
    if (parts.length == 1) {
      return 0;
    }
    int low = 0;
    int high = parts.length - 1;
    while (low < high) {
      int middle = (low + high + 1) >>> 1;
      if (starts[middle] <= offset) {
        low = middle;
      } else {
        high = middle - 1;
      }
    }
    return low;
  }
}
