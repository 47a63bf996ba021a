package io.javelin.server.config;

import java.math.BigDecimal;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.nodes.Tag;
import org.snakeyaml.engine.v2.resolver.ScalarResolver;
import org.snakeyaml.engine.v2.schema.CoreSchema;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/// Types a YAML scalar by the core schema of YAML 1.2: `yes` is text, `0x10` is 16.
///
/// Numbers are kept small: what no key can take (beyond 64 bits, infinite, hundreds of digits) is
/// refused here, so that no later arithmetic can be made slow by a few characters.
final class YamlScalar {
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
  private static final int MAX_NUMBER_LENGTH = 64;
  private static final int MAX_SCALE = 400;

  private static final ScalarResolver RESOLVER = new CoreSchema().getScalarResolver();

  private YamlScalar() {}

  static JsonNode toJson(ScalarEvent scalar, String pointer, Findings findings) {
    String text = scalar.getValue();
    Tag tag = scalar.isPlain() ? RESOLVER.resolve(text, true) : Tag.STR;
    if (tag.equals(Tag.NULL)) {
      return NODES.nullNode();
    }
    if (tag.equals(Tag.BOOL)) {
      return NODES.booleanNode(Boolean.parseBoolean(text));
    }
    if (!tag.equals(Tag.INT) && !tag.equals(Tag.FLOAT)) {
      return NODES.stringNode(text);
    }
    try {
      return tag.equals(Tag.INT) ? NODES.numberNode(integer(text)) : NODES.numberNode(real(text));
    } catch (NumberFormatException e) {
      String expected = tag.equals(Tag.INT) ? "an integer of 64 bits" : "a finite number";
      findings.report(pointer, expected, Wording.shorten(text));
      return NODES.numberNode(0);
    }
  }

  private static long integer(String text) {
    if (text.startsWith("0o")) {
      return Long.parseLong(text.substring(2), 8);
    }
    if (text.startsWith("0x")) {
      return Long.parseLong(text.substring(2), 16);
    }
    return Long.parseLong(text);
  }

  private static BigDecimal real(String text) {
    if (text.length() > MAX_NUMBER_LENGTH) {
      throw new NumberFormatException(text);
    }
    BigDecimal value = new BigDecimal(text);
    if (Math.abs((long) value.scale()) > MAX_SCALE) {
      throw new NumberFormatException(text);
    }
    return value;
  }
}
