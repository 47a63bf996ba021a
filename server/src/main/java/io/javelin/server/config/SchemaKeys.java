package io.javelin.server.config;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/// Every mapping of the schema with fixed keys, under the name that messages and the reference use:
/// `models[].dynamic_batching`.
final class SchemaKeys {
  private final ConfigSchema schema;
  private final Map<String, JsonNode> sections = new LinkedHashMap<>();

  SchemaKeys(ConfigSchema schema) {
    this.schema = schema;
    walk("", schema.root());
  }

  /// Section name to its (resolved) schema, the top level under the empty name.
  Map<String, JsonNode> sections() {
    return sections;
  }

  /// Key to the names of all sections that know it.
  Map<String, List<String>> sectionsByKey() {
    Map<String, List<String>> byKey = new LinkedHashMap<>();
    sections.forEach((name, node) -> {
      String shown = name.isEmpty() ? "the top level" : name;
      for (String key : node.path("properties").propertyNames()) {
        byKey.computeIfAbsent(key, k -> new ArrayList<>()).add(shown);
      }
    });
    return byKey;
  }

  private void walk(String name, JsonNode unresolved) {
    JsonNode node = schema.resolve(unresolved);
    if (node.has("items")) {
      walk(name + "[]", node.get("items"));
    }
    if (!node.has("properties")) {
      return;
    }
    sections.put(name, node);
    node.get("properties")
        .properties()
        .forEach(p -> walk(name.isEmpty() ? p.getKey() : name + "." + p.getKey(), p.getValue()));
  }
}
