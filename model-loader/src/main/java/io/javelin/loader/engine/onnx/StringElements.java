package io.javelin.loader.engine.onnx;

import io.javelin.loader.engine.EngineException;
import io.javelin.loader.engine.instance.LengthPrefixed;
import io.javelin.loader.engine.instance.ReusedMemory;
import java.lang.foreign.MemorySegment;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// Converts between length-prefixed bytes and Java strings.
///
/// Not every byte string can pass: the Java API of ONNX Runtime hands strings over in the JVM's own
/// variant of UTF-8, which differs from UTF-8 in U+0000 and in everything beyond U+FFFF. The model
/// would see other bytes than the client sent and answer wrongly without a word, so these are
/// refused, as is anything that is no UTF-8. On the way out there is nothing to check: a model that
/// makes such characters itself gets them garbled.
final class StringElements {
  private StringElements() {}

  /// @param count elements that must be there
  /// @param writtenBytes all bytes, of which each element takes at least its length's
  static String[] decode(LengthPrefixed elements, long count, long writtenBytes)
      throws EngineException {
    if (count > writtenBytes / LengthPrefixed.PREFIX_BYTES) {
      throw new EngineException(
          "%d elements do not fit into %d bytes".formatted(count, writtenBytes));
    }
    String[] strings = new String[(int) count];
    for (int i = 0; i < strings.length; i++) {
      strings[i] = decode(elements.next(), i);
    }
    elements.requireEnd();
    return strings;
  }

  private static String decode(MemorySegment element, int index) throws EngineException {
    String text;
    try {
      text = StandardCharsets.UTF_8.newDecoder().decode(element.asByteBuffer()).toString();
    } catch (CharacterCodingException e) {
      throw new EngineException("element " + index + " is not UTF-8", e);
    }
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == 0 || Character.isSurrogate(c)) {
        throw new EngineException(
            "element %d has the character U+%04X, which ONNX Runtime's Java API cannot pass unchanged"
                .formatted(index, text.codePointAt(i)));
      }
    }
    return text;
  }

  /// Writes all strings into `memory` and returns what they take of it.
  static MemorySegment encode(List<String> strings, ReusedMemory memory) {
    List<byte[]> encoded = strings.stream().map(s -> s.getBytes(StandardCharsets.UTF_8)).toList();
    long bytes = 0;
    for (byte[] element : encoded) {
      bytes += LengthPrefixed.PREFIX_BYTES + element.length;
    }
    MemorySegment target = memory.atLeast(bytes).asSlice(0, bytes);
    long offset = 0;
    for (byte[] element : encoded) {
      offset = LengthPrefixed.write(target, offset, element);
    }
    return target;
  }
}
