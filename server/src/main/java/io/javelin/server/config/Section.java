package io.javelin.server.config;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.MissingNode;

/// One mapping of the document, read with the schema's defaults.
///
/// Never throws: what is missing or of a wrong type reads as its default, or as zero or empty. A
/// wrong value has been reported by then, so what is read here is only used when it was right.
final class Section {
  private final ConfigSchema schema;
  private final JsonNode rules;
  private final JsonNode value;
  private final String pointer;

  private Section(ConfigSchema schema, JsonNode rules, JsonNode value, String pointer) {
    this.schema = schema;
    this.rules = schema.resolve(rules);
    this.value = value;
    this.pointer = pointer;
  }

  static Section document(ConfigSchema schema, JsonNode root) {
    return new Section(schema, schema.root(), root, "");
  }

  /// Where this mapping stands.
  String pointer() {
    return pointer;
  }

  /// Where `key` stands, or would.
  String pointer(String key) {
    return Places.child(pointer, key);
  }

  boolean has(String key) {
    return value.has(key);
  }

  Section section(String key) {
    return new Section(schema, schema.property(rules, key), value.path(key), pointer(key));
  }

  /// The mappings in the list `key`.
  List<Section> sections(String key) {
    JsonNode items = schema.property(rules, key).path("items");
    List<Section> sections = new ArrayList<>();
    for (JsonNode item : list(key)) {
      String place = Places.child(pointer(key), sections.size());
      sections.add(new Section(schema, items, item, place));
    }
    return sections;
  }

  /// The mappings in the mapping `key` with free keys, in the order of the file.
  Map<String, Section> sectionMap(String key) {
    JsonNode each = schema.property(rules, key).path("additionalProperties");
    Map<String, Section> sections = new LinkedHashMap<>();
    value
        .path(key)
        .properties()
        .forEach(p -> {
          String place = Places.child(pointer(key), p.getKey());
          sections.put(p.getKey(), new Section(schema, each, p.getValue(), place));
        });
    return sections;
  }

  String text(String key) {
    JsonNode node = value.path(key);
    return node.isString() ? node.stringValue() : defaultOf(key).asString("");
  }

  boolean flag(String key) {
    JsonNode node = value.path(key);
    return node.isBoolean() ? node.booleanValue() : defaultOf(key).asBoolean(false);
  }

  int integer(String key) {
    return integer(number(key));
  }

  long wide(String key) {
    return wide(number(key));
  }

  BigDecimal number(String key) {
    JsonNode node = value.path(key);
    JsonNode present = node.isNumber() ? node : defaultOf(key);
    return present.isNumber() ? present.decimalValue() : BigDecimal.ZERO;
  }

  Duration seconds(String key) {
    return Duration.ofNanos(wide(number(key).movePointRight(9)));
  }

  /// Percent with two decimals as basis points.
  int basisPoints(String key) {
    return integer(number(key).movePointRight(2));
  }

  List<Integer> integers(String key) {
    return numbers(key).stream().map(Section::integer).toList();
  }

  List<Long> wides(String key) {
    return numbers(key).stream().map(Section::wide).toList();
  }

  /// The two numbers of each range in the list `key`.
  List<List<Integer>> pairs(String key) {
    List<List<Integer>> pairs = new ArrayList<>();
    for (JsonNode item : list(key)) {
      pairs.add(numbers(item).stream().map(Section::integer).toList());
    }
    return pairs;
  }

  List<String> texts(String key) {
    return list(key).valueStream().map(item -> item.asString("")).toList();
  }

  /// The mapping `key` with free keys, in the order of the file.
  <T> Map<String, T> map(String key, Function<JsonNode, T> each) {
    Map<String, T> map = new LinkedHashMap<>();
    value.path(key).properties().forEach(p -> map.put(p.getKey(), each.apply(p.getValue())));
    return Collections.unmodifiableMap(map);
  }

  Map<String, String> textMap(String key) {
    return map(key, node -> node.isNumber() ? Wording.number(node) : node.asString(""));
  }

  Map<String, Long> versionMap(String key) {
    return map(key, node -> node.isNumber() ? wide(node.decimalValue()) : 0L);
  }

  private List<BigDecimal> numbers(String key) {
    return numbers(list(key));
  }

  private static List<BigDecimal> numbers(JsonNode list) {
    return list.valueStream()
        .map(node -> node.isNumber() ? node.decimalValue() : BigDecimal.ZERO)
        .toList();
  }

  private JsonNode list(String key) {
    JsonNode node = value.path(key);
    return node.isArray() ? node : MissingNode.getInstance();
  }

  private JsonNode defaultOf(String key) {
    return schema.property(rules, key).path("default");
  }

  private static int integer(BigDecimal number) {
    return Math.clamp(wide(number), Integer.MIN_VALUE, Integer.MAX_VALUE);
  }

  private static long wide(BigDecimal number) {
    BigDecimal low = BigDecimal.valueOf(Long.MIN_VALUE);
    BigDecimal high = BigDecimal.valueOf(Long.MAX_VALUE);
    return number.max(low).min(high).longValue();
  }
}
