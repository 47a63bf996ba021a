package io.javelin.server.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import tools.jackson.databind.JsonNode;

/// Keeps `docs/configuration.md` true.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class ConfigurationReferenceTest {
  private static final Pattern COMPLETE =
      Pattern.compile("^```yaml complete\\n(.*?)^```$", Pattern.MULTILINE | Pattern.DOTALL);
  private static final Pattern HEADING = Pattern.compile("### `(.+)`|### Top level");
  private static final Pattern ROW = Pattern.compile("\\| `([^`]+)` \\| [^|]+ \\| ([^|]+) \\|.*");

  private String reference = "";

  @BeforeAll
  void read() throws IOException {
    reference = Files.readString(Path.of("..", "docs", "configuration.md"));
  }

  @Test
  void listsEveryKeyOfTheSchemaWithItsDefault() {
    assertEquals(keysOfTheSchema(), keysOfTheReference());
  }

  @Test
  void showsOnlyExamplesThatParse() {
    Matcher example = COMPLETE.matcher(reference);
    int examples = 0;
    while (example.find()) {
      assertEquals(List.of(), Examples.errors(example.group(1)));
      examples++;
    }
    assertTrue(examples >= 2, "examples found: " + examples);
  }

  private Map<String, String> keysOfTheReference() {
    Map<String, String> keys = new TreeMap<>();
    String section = "";
    for (String line : reference.lines().toList()) {
      Matcher heading = HEADING.matcher(line);
      Matcher row = ROW.matcher(line);
      if (heading.matches()) {
        section = heading.group(1) == null ? "" : heading.group(1) + ".";
      } else if (row.matches()) {
        keys.put(section + row.group(1), row.group(2));
      }
    }
    return keys;
  }

  private static Map<String, String> keysOfTheSchema() {
    Map<String, String> keys = new TreeMap<>();
    new SchemaKeys(ConfigSchema.load())
        .sections()
        .forEach((name, section) -> {
          List<String> required =
              section.path("required").valueStream().map(JsonNode::asString).toList();
          section
              .get("properties")
              .properties()
              .forEach(p -> {
                String key = name.isEmpty() ? p.getKey() : name + "." + p.getKey();
                keys.put(key, shownDefault(p.getValue(), required.contains(p.getKey())));
              });
        });
    return keys;
  }

  private static String shownDefault(JsonNode key, boolean required) {
    if (required) {
      return "required";
    }
    return key.has("x-default")
        ? key.get("x-default").asString()
        : "`" + key.get("default").toString().replace(":", ": ") + "`";
  }
}
