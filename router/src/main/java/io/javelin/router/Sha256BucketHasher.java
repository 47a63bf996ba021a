package io.javelin.router;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import org.jspecify.annotations.Nullable;

/// SHA-256 of `salt:unit`, scaled to the buckets.
///
/// The digest that has already read `salt:` is only ever cloned, never fed again, so that any
/// number of threads may share it; a ThreadLocal would hold one per virtual thread.
final class Sha256BucketHasher implements BucketHasher {
  private static final VarHandle BIG_ENDIAN_LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

  private final MessageDigest salted;

  Sha256BucketHasher(String salt) {
    if (!Salt.isValid(salt)) {
      throw new IllegalArgumentException("salt '" + salt + "': " + Salt.EXPECTED);
    }
    try {
      salted = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform must provide SHA-256", e);
    }
    // The first ':' of the key ends the salt, so that (salt, unit) pairs never run together.
    salted.update((salt + ":").getBytes(StandardCharsets.US_ASCII));
  }

  @Override
  public int bucket(@Nullable String unit) {
    byte[] utf8 = UnitId.utf8(unit);
    return utf8 == null ? NO_UNIT : scale(hash64(utf8), BUCKETS);
  }

  /// The first eight bytes of the digest, to be read as an unsigned number.
  long hash64(byte[] unit) {
    return (long) BIG_ENDIAN_LONG.get(copyOfSalted().digest(unit), 0);
  }

  /// `floor(hash64 * buckets / 2^64)`, with `hash64` unsigned. Scaling by a product and not by a
  /// remainder keeps bucket 37 of 100 equal to buckets 3,700 to 3,799 of 10,000.
  static int scale(long hash64, int buckets) {
    return (int) Math.unsignedMultiplyHigh(hash64, buckets);
  }

  private MessageDigest copyOfSalted() {
    try {
      return (MessageDigest) salted.clone();
    } catch (CloneNotSupportedException e) {
      throw new IllegalStateException("SHA-256 of " + salted.getProvider() + " must clone", e);
    }
  }
}
