package io.javelin.server.config;

import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.dialect.Dialect;
import com.networknt.schema.dialect.Dialects;
import com.networknt.schema.keyword.NonValidationKeyword;
import com.networknt.schema.path.NodePath;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The published schema: the one home of keys, types, ranges and defaults. Thread-safe.
///
/// The validator library finds the mistakes; the words are ours ([Wording]), made from the failed
/// schema and the value.
final class ConfigSchema {
  static final String RESOURCE = "/javelin-config.schema.json";

  private static final List<String> OWN_KEYWORDS = List.of("x-default", "x-expected", "x-known-as");

  private final JsonNode root;
  private final Schema validator;
  private final Map<String, List<String>> sectionsByKey;

  private ConfigSchema(String text) {
    this.root = JsonMapper.shared().readTree(text);
    this.validator = SchemaRegistry.withDialect(dialect()).getSchema(text, InputFormat.JSON);
    this.sectionsByKey = new SchemaKeys(this).sectionsByKey();
  }

  /// JSON Schema 2020-12, which allows further keywords; ours are named so that they are not warned
  /// about.
  static Dialect dialect() {
    Dialect.Builder dialect = Dialect.builder(Dialects.getDraft202012());
    OWN_KEYWORDS.forEach(name -> dialect.keyword(new NonValidationKeyword(name)));
    return dialect.build();
  }

  static ConfigSchema load() {
    try (InputStream in = ConfigSchema.class.getResourceAsStream(RESOURCE)) {
      if (in == null) {
        throw new IllegalStateException("resource " + RESOURCE + " is missing");
      }
      return new ConfigSchema(new String(in.readAllBytes(), StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  JsonNode root() {
    return root;
  }

  /// Follows `$ref`.
  JsonNode resolve(JsonNode schema) {
    JsonNode ref = schema.get("$ref");
    return ref == null ? schema : root.at(ref.stringValue().substring(1));
  }

  /// The schema of `key` in a mapping of `schema`.
  JsonNode property(JsonNode schema, String key) {
    return schema.path("properties").path(key);
  }

  /// Reports everything that the schema forbids.
  void check(JsonNode document, Findings findings) {
    for (var error : validator.validate(document)) {
      report(error, findings);
    }
  }

  private void report(com.networknt.schema.Error error, Findings findings) {
    String pointer = pointer(error.getInstanceLocation());
    String property = error.getProperty();
    JsonNode owner = owner(error);
    if (property == null) {
      JsonNode value = error.getInstanceNode();
      String hint = pointer.isEmpty() ? null : hint(owner, value);
      findings.report(pointer, Wording.expected(owner), Wording.actual(value), hint);
      return;
    }
    String child = Places.child(pointer, property);
    switch (error.getKeyword()) {
      case "required" -> {
        JsonNode missing = resolve(property(owner, property));
        findings.report(child, Wording.expected(missing), "nothing");
      }
      case "propertyNames" -> {
        String expected = Wording.expected(error.getSchemaNode());
        findings.report(child, expected, Wording.quote(property));
      }
      default -> unknownKey(pointer, property, owner, findings);
    }
  }

  private void unknownKey(String pointer, String key, JsonNode owner, Findings findings) {
    Collection<String> known = owner.path("properties").propertyNames();
    String actual = Wording.quote(key);
    Optional<String> meant =
        knownElsewhereAs(owner, key).or(() -> KeySuggestion.nearest(key, known));
    if (meant.isPresent()) {
      String child = Places.child(pointer, key);
      findings.report(child, "a known key", actual, didYouMean(meant.get()));
      findings.suspect(Places.child(pointer, meant.get()));
      return;
    }
    List<String> sections = sectionsByKey.getOrDefault(key, List.of());
    String hint = sections.size() == 1 ? "it belongs in " + sections.getFirst() : null;
    String expected = known.isEmpty() ? "no keys" : "one of " + String.join(", ", known);
    findings.report(Places.child(pointer, key), expected, actual, hint);
  }

  /// The key that other servers call `key`.
  private static Optional<String> knownElsewhereAs(JsonNode owner, String key) {
    String wanted = KeySuggestion.snakeCase(key);
    return owner.path("properties").properties().stream()
        .filter(p ->
            p.getValue()
                .path("x-known-as")
                .valueStream()
                .anyMatch(name -> KeySuggestion.snakeCase(name.asString()).equals(wanted)))
        .map(Map.Entry::getKey)
        .findFirst();
  }

  private static @Nullable String hint(JsonNode schema, JsonNode value) {
    if (schema.has("enum") && value.isString()) {
      List<String> words = schema.get("enum").valueStream().map(JsonNode::asString).toList();
      return KeySuggestion.nearest(value.stringValue(), words)
          .map(ConfigSchema::didYouMean)
          .orElse(null);
    }
    boolean wantsText = schema.path("type").asString("").equals("string");
    if (wantsText && (value.isNumber() || value.isBoolean())) {
      return "write it in quotes";
    }
    boolean wantsMapping = schema.path("type").asString("").equals("object");
    return wantsMapping && value.isNull() ? "write {} for an empty one" : null;
  }

  static String didYouMean(String word) {
    return "did you mean " + Wording.quote(word) + "?";
  }

  /// The schema whose keyword failed.
  private JsonNode owner(com.networknt.schema.Error error) {
    NodePath keyword = error.getSchemaLocation().getFragment();
    return root.at(pointer(keyword.getParent()));
  }

  private static String pointer(NodePath path) {
    String pointer = "";
    for (int i = 0; i < path.getNameCount(); i++) {
      pointer = Places.child(pointer, String.valueOf(path.getElement(i)));
    }
    return pointer;
  }
}
