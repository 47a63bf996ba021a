package io.javelin.server.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

final class ConfigSchemaTest {
  private final ConfigSchema schema = ConfigSchema.load();
  private final SchemaRegistry registry = SchemaRegistry.withDialect(ConfigSchema.dialect());

  @Test
  void isAValidSchemaItself() {
    Schema meta =
        registry.getSchema(SchemaLocation.of("https://json-schema.org/draft/2020-12/schema"));

    assertEquals(List.of(), meta.validate(schema.root().toString(), InputFormat.JSON));
    assertEquals(
        1, meta.validate("{\"minimum\": \"one\"}", InputFormat.JSON).size(), "the check checks");
  }

  @Test
  void tellsTitleDescriptionAndDefaultOfEveryKey() {
    List<String> silent = new ArrayList<>();
    new SchemaKeys(schema)
        .sections()
        .forEach((name, section) -> {
          List<String> required =
              section.path("required").valueStream().map(JsonNode::asString).toList();
          section
              .get("properties")
              .properties()
              .forEach(p -> {
                JsonNode key = p.getValue();
                int defaults = key.has("default") ? 1 : 0;
                defaults += key.has("x-default") ? 1 : 0;
                defaults += required.contains(p.getKey()) ? 1 : 0;
                if (!key.has("title") || !key.has("description") || defaults != 1) {
                  silent.add(name + "." + p.getKey());
                }
              });
        });
    assertEquals(List.of(), silent);
  }

  @Test
  void refusesUnknownKeysEverywhere() {
    new SchemaKeys(schema)
        .sections()
        .forEach((name, section) -> {
          JsonNode additional = section.path("additionalProperties");
          assertTrue(additional.isBoolean() && !additional.booleanValue(), name);
        });
  }

  @Test
  void acceptsItsOwnDefaults() {
    new SchemaKeys(schema)
        .sections().values().stream()
            .flatMap(section -> section.get("properties").valueStream())
            .filter(key -> key.has("default"))
            .forEach(key -> {
              // The key's rules alone, with the definitions that it may refer to.
              var rules = schema.resolve(key).deepCopy().asObject();
              rules.set("$defs", schema.root().get("$defs"));
              Schema alone = registry.getSchema(rules);
              assertEquals(List.of(), alone.validate(key.get("default")), key.toString());
            });
  }
}
