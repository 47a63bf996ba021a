package io.javelin.server.config;

import java.util.HashMap;
import java.util.Map;

/// Where each value of a document stands: JSON pointer to key path and line.
final class Places {
  /// The root's key path in messages.
  static final String DOCUMENT = "document";

  /// @param key path as an operator would write it, `models[0].name`
  /// @param line 1-based line of the key, or of the list item
  record Place(String key, int line) {}

  private final Map<String, Place> byPointer = new HashMap<>();

  Places() {
    byPointer.put("", new Place(DOCUMENT, 1));
  }

  static String child(String pointer, String key) {
    return pointer + "/" + key.replace("~", "~0").replace("/", "~1");
  }

  static String child(String pointer, int index) {
    return pointer + "/" + index;
  }

  void putEntry(String parent, String key, int line) {
    byPointer.put(child(parent, key), new Place(join(at(parent).key(), key), line));
  }

  void putItem(String parent, int index, int line) {
    byPointer.put(child(parent, index), new Place(at(parent).key() + "[" + index + "]", line));
  }

  boolean has(String pointer) {
    return byPointer.containsKey(pointer);
  }

  /// The place of `pointer`. A value that is missing from the file has its parent's line.
  Place at(String pointer) {
    Place known = byPointer.get(pointer);
    if (known != null) {
      return known;
    }
    int slash = pointer.lastIndexOf('/');
    String last = pointer.substring(slash + 1).replace("~1", "/").replace("~0", "~");
    Place parent = at(pointer.substring(0, slash));
    return new Place(join(parent.key(), last), parent.line());
  }

  private static String join(String parentKey, String key) {
    return parentKey.equals(DOCUMENT) ? key : parentKey + "." + key;
  }
}
