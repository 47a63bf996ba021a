package io.javelin.router;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/// The bytes of a unit that may be hashed.
final class UnitId {
  private UnitId() {}

  /// UTF-8 of `unit`, or null when it is no valid unit (see [BucketHasher#bucket]).
  ///
  /// The surrogates are checked first because `getBytes` replaces a lone one by `?`, which would
  /// give all broken ids the same bucket.
  static byte @Nullable [] utf8(@Nullable String unit) {
    if (unit == null || unit.isEmpty() || unit.length() > BucketHasher.MAX_UNIT_BYTES) {
      return null;
    }
    if (!surrogatesArePaired(unit)) {
      return null;
    }
    byte[] utf8 = unit.getBytes(StandardCharsets.UTF_8);
    return utf8.length > BucketHasher.MAX_UNIT_BYTES ? null : utf8;
  }

  private static boolean surrogatesArePaired(String unit) {
    for (int i = 0; i < unit.length(); i++) {
      char c = unit.charAt(i);
      if (Character.isSurrogate(c)) {
        boolean paired =
            Character.isHighSurrogate(c)
                && i + 1 < unit.length()
                && Character.isLowSurrogate(unit.charAt(i + 1));
        if (!paired) {
          return false;
        }
        i++;
      }
    }
    return true;
  }
}
