package io.javelin.server.pipeline;

import io.javelin.loader.engine.ModelSignature;
import io.javelin.loader.engine.TensorSpec;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/// Makes the [CacheKey] of a bound call. Thread-safe.
///
/// Hashed are the model, its version and the names and types of its inputs (once, when this is
/// made), then for each input in the signature's order its shape and its bytes, and the wanted
/// outputs. So the order of a request's inputs and the way their data was encoded make no
/// difference, and neither do request id, user id and parameters. Each part is preceded by its
/// length, so that no two different requests feed the same bytes.
final class CacheKeyHasher {
  private static final int CHUNK = 4 * 1024;

  /// Has read what is the same for all requests. Only ever cloned.
  private final MessageDigest seeded;

  /// Event loops and batch workers: a fixed number of threads.
  private final ThreadLocal<byte[]> chunks = ThreadLocal.withInitial(() -> new byte[CHUNK]);

  CacheKeyHasher(String model, long version, ModelSignature signature) {
    try {
      seeded = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform must provide SHA-256", e);
    }
    text(model);
    seeded.update(ByteBuffer.allocate(Long.BYTES).putLong(version).flip());
    for (TensorSpec input : signature.inputs()) {
      text(input.name());
      text(input.type().name());
    }
  }

  private void text(String text) {
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    seeded.update(ByteBuffer.allocate(Integer.BYTES).putInt(utf8.length).flip());
    seeded.update(utf8);
  }

  /// Bytes of tensor data that [#keyOf] would read.
  long bytesOf(InferCall call) {
    long bytes = 0;
    for (int input = 0; input < call.binding().order().length; input++) {
      bytes += call.hasData(input) ? call.data(input).size() : 0;
    }
    return bytes;
  }

  CacheKey keyOf(InferCall call) {
    MessageDigest digest = copyOfSeeded();
    byte[] chunk = chunks.get();
    long[][] shapes = call.binding().shapes();
    for (int input = 0; input < shapes.length; input++) {
      numbers(digest, chunk, shapes[input]);
      if (call.hasData(input)) {
        bytes(digest, chunk, call.data(input));
      } else {
        digest.update((byte) 0);
      }
    }
    int[] outputs = call.outputs();
    ByteBuffer wanted = ByteBuffer.wrap(chunk).putInt(outputs.length);
    for (int output : outputs) {
      feed(digest, wanted, Integer.BYTES).putInt(output);
    }
    digest.update(wanted.flip());
    return CacheKey.of(digest.digest());
  }

  private static void numbers(MessageDigest digest, byte[] chunk, long[] numbers) {
    ByteBuffer buffer = ByteBuffer.wrap(chunk).order(ByteOrder.BIG_ENDIAN).putInt(numbers.length);
    for (long number : numbers) {
      feed(digest, buffer, Long.BYTES).putLong(number);
    }
    digest.update(buffer.flip());
  }

  /// Makes room for `bytes` more.
  private static ByteBuffer feed(MessageDigest digest, ByteBuffer buffer, int bytes) {
    if (buffer.remaining() < bytes) {
      digest.update(buffer.flip());
      buffer.clear();
    }
    return buffer;
  }

  private static void bytes(MessageDigest digest, byte[] chunk, TensorBytes data) {
    digest.update((byte) 1);
    digest.update(ByteBuffer.wrap(chunk).putLong(data.size()).flip());
    MemorySegment target = MemorySegment.ofArray(chunk);
    for (long at = 0; at < data.size(); at += chunk.length) {
      int length = (int) Math.min(chunk.length, data.size() - at);
      data.copyTo(at, length, target, 0);
      digest.update(chunk, 0, length);
    }
  }

  private MessageDigest copyOfSeeded() {
    try {
      return (MessageDigest) seeded.clone();
    } catch (CloneNotSupportedException e) {
      throw new IllegalStateException("SHA-256 of " + seeded.getProvider() + " must clone", e);
    }
  }
}
