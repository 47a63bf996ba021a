package io.javelin.server.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class RoutingLinesTest {
  private static final String TEXT =
      """
      registry: {url: file:/m}
      models:
        - name: other
        - name: m
          routing:
            experiment: e
            salt: s
            default: control
            variants:
              - name: control
              - name: canary
                weight_percent: 5
            overrides:
              a.b: canary
              c: control
      """;

  private final RoutingLines lines =
      assertInstanceOf(ConfigParser.Result.Valid.class, Examples.parse(TEXT)).routingLines();

  @ParameterizedTest
  @CsvSource({
    "salt, 7",
    "variants[1].weight_percent, 12",
    "variants[1].home, 11",
    "variants[7].name, 9",
    "overrides.a.b, 14",
    "overrides[c], 13",
    "overrides.c, 15",
    "layer.slots, 5",
    "'', 5",
    "..[[, 5"
  })
  void findsTheLineOfTheNearestKey(String field, int line) {
    assertEquals(line, lines.locate("m", field, "wrong").line());
  }

  @org.junit.jupiter.api.Test
  void keepsFieldAndMessage() {
    assertEquals(
        "j.yaml:7: models[1].routing.salt: changed while running",
        lines.locate("m", "salt", "changed while running").toString());
    assertEquals("j.yaml:1: models: odd", lines.locate("unknown", "salt", "odd").toString());
    assertEquals("j.yaml:5: models[1].routing: odd", lines.locate("m", "", "odd").toString());
  }
}
