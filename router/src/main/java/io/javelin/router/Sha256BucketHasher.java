package io.javelin.router;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.DigestException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// SHA-256 of `salt:unit`, scaled to the buckets.
///
/// Any number of threads may share it. One digest is kept for the next caller, who takes it away
/// while using it; a second caller at the same time makes one for itself. A ThreadLocal would hold
/// one per virtual thread, and a new digest for each hash is most of what routing allocates.
final class Sha256BucketHasher implements BucketHasher {
  private static final VarHandle BIG_ENDIAN_LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

  private final byte[] prefix;
  private final AtomicReference<@Nullable Workspace> spare = new AtomicReference<>();

  /// A digest and the room for its result. Used by one thread at a time.
  private record Workspace(MessageDigest digest, byte[] result) {}

  Sha256BucketHasher(String salt) {
    if (!Salt.isValid(salt)) {
      throw new IllegalArgumentException("salt '" + salt + "': " + Salt.EXPECTED);
    }
    // The first ':' of the key ends the salt, so that (salt, unit) pairs never run together.
    prefix = (salt + ":").getBytes(StandardCharsets.US_ASCII);
  }

  @Override
  public int bucket(@Nullable String unit) {
    byte[] utf8 = UnitId.utf8(unit);
    return utf8 == null ? NO_UNIT : scale(hash64(utf8), BUCKETS);
  }

  /// The first eight bytes of the digest, to be read as an unsigned number.
  long hash64(byte[] unit) {
    Workspace taken = spare.getAndSet(null);
    Workspace work = taken != null ? taken : newWorkspace();
    work.digest.update(prefix);
    work.digest.update(unit);
    long hash;
    try {
      work.digest.digest(work.result, 0, work.result.length);
      hash = (long) BIG_ENDIAN_LONG.get(work.result, 0);
    } catch (DigestException e) {
      throw new IllegalStateException("a SHA-256 result has 32 bytes", e);
    }
    spare.setRelease(work);
    return hash;
  }

  /// `floor(hash64 * buckets / 2^64)`, with `hash64` unsigned. Scaling by a product and not by a
  /// remainder keeps bucket 37 of 100 equal to buckets 3,700 to 3,799 of 10,000.
  static int scale(long hash64, int buckets) {
    return (int) Math.unsignedMultiplyHigh(hash64, buckets);
  }

  private static Workspace newWorkspace() {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      return new Workspace(digest, new byte[digest.getDigestLength()]);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform must provide SHA-256", e);
    }
  }
}
