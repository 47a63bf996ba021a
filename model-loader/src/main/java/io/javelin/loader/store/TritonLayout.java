package io.javelin.loader.store;

import java.util.OptionalLong;

/// Naming rules of the bucket layout `<model>/<version>/<files>`, the same for every store.
public final class TritonLayout {
  private static final int MAX_NAME_LENGTH = 255;
  private static final int MAX_VERSION_DIGITS = 19;

  private TritonLayout() {}

  /// Whether `name` can name a model: one path element that is neither hidden nor marked as an
  /// upload, without separators, control characters or a way up.
  public static boolean isModelName(String name) {
    if (name.isEmpty() || name.length() > MAX_NAME_LENGTH || startsAsMark(name)) {
      return false;
    }
    return name.chars().noneMatch(c -> c == '/' || c == '\\' || Character.isISOControl(c));
  }

  /// Returns `name` if it [can name a model][#isModelName].
  ///
  /// @throws IllegalArgumentException if it cannot
  public static String requireModelName(String name) {
    if (!isModelName(name)) {
      throw new IllegalArgumentException(
          "model name '"
              + name
              + "' is not usable; expected 1 to 255 characters without '/', '\\' or control"
              + " characters, not starting with '.' or '_'");
    }
    return name;
  }

  /// The version that a directory name stands for: a positive decimal number without a leading
  /// zero. Anything else is not a version, so `1`, `01` and `1.bak` never meet as the same one.
  public static OptionalLong parseVersion(String directoryName) {
    if (directoryName.isEmpty()
        || directoryName.length() > MAX_VERSION_DIGITS
        || directoryName.charAt(0) == '0'
        || !directoryName.chars().allMatch(c -> c >= '0' && c <= '9')) {
      return OptionalLong.empty();
    }
    try {
      return OptionalLong.of(Long.parseLong(directoryName));
    } catch (NumberFormatException tooLarge) {
      return OptionalLong.empty();
    }
  }

  /// Whether a file of this name says that an upload is still going on: `*.tmp`, `*.part`, `.*`,
  /// `_*`. Names that start with two dots belong to the way Kubernetes projects volumes and mark
  /// nothing.
  ///
  /// This is weak protection: it relies on the publisher's tool. Renaming a finished directory into
  /// place is the safe way to publish.
  public static boolean isUploadMark(String fileName) {
    return fileName.endsWith(".tmp")
        || fileName.endsWith(".part")
        || (startsAsMark(fileName) && !isVolumeInternal(fileName));
  }

  /// Whether the entry is Kubernetes' own (`..data`, `..2026_01_01_00_00_00.123`): the real files
  /// are reached through the links beside it.
  public static boolean isVolumeInternal(String fileName) {
    return fileName.startsWith("..");
  }

  private static boolean startsAsMark(String name) {
    return name.startsWith(".") || name.startsWith("_");
  }
}
