package io.javelin.router;

import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// ASSIGN-1 written once more, as slow and as close to its text as possible.
final class PlainSha256BucketHasher implements BucketHasher {
  private final String salt;

  PlainSha256BucketHasher(String salt) {
    this.salt = salt;
  }

  @Override
  public int bucket(@Nullable String unit) {
    if (unit == null || unit.isEmpty()) {
      return NO_UNIT;
    }
    try {
      // A new encoder reports a lone surrogate instead of replacing it.
      int bytes = StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(unit)).remaining();
      return bytes > MAX_UNIT_BYTES ? NO_UNIT : scaled(sha256(salt + ":" + unit));
    } catch (CharacterCodingException e) {
      return NO_UNIT;
    }
  }

  static byte[] sha256(String key) {
    try {
      ByteBuffer bytes = StandardCharsets.UTF_8.encode(key);
      byte[] copy = new byte[bytes.remaining()];
      bytes.get(copy);
      return MessageDigest.getInstance("SHA-256").digest(copy);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private static int scaled(byte[] digest) {
    BigInteger hash = new BigInteger(1, Arrays.copyOf(digest, 8));
    return hash.multiply(BigInteger.valueOf(BUCKETS)).shiftRight(64).intValueExact();
  }
}
