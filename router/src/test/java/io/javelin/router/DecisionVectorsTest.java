package io.javelin.router;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import tools.jackson.databind.JsonNode;

/// Decisions against `02_assignment.json`.
///
/// Out of scope of the router: `targeting` by attributes (those vectors are skipped), and the
/// choice among `unit_type` and `fallback_unit_types`, which is the caller's and is played by the
/// test. An `overrides` entry for a variant that the config lacks is refused by the compiler and
/// left out here. A `removed` variant is a tombstone. `layer_bucket` is not part of a decision and
/// is checked on the hash.
class DecisionVectorsTest {
  private final JsonNode file = VectorFile.read("02_assignment.json");

  @TestFactory
  Stream<DynamicTest> decidesLikeTheVectors() {
    return file.get("decisions")
        .valueStream()
        .filter(vector -> !vector.get("config").has("targeting"))
        .map(v -> DynamicTest.dynamicTest(v.get("name").stringValue(), () -> check(v)));
  }

  @Test
  void skipsTargetingOnly() {
    assertTrue(decidesLikeTheVectors().count() >= 40, "vectors that are in scope");
    file.get("decisions")
        .valueStream()
        .filter(vector -> vector.get("config").has("targeting"))
        .forEach(v -> assertEquals("NOT_TARGETED", v.get("expected").get("reason").stringValue()));
  }

  private static void check(JsonNode vector) {
    JsonNode config = vector.get("config");
    JsonNode expected = vector.get("expected");
    String unit = unit(config, vector.get("context").get("units"));
    RoutingTable table = Compiling.table(spec(config));
    RouteDecision decision = table.route("m", unit);
    assertEquals(expected.get("variant").stringValue(), decision.variant());
    assertEquals(expected.get("reason").stringValue(), decision.reason().name());
    assertEquals(
        expected.get("bucket").isNull()
            ? RouteDecision.NO_BUCKET
            : expected.get("bucket").intValue(),
        decision.bucket());
    if (!expected.get("layer_bucket").isNull()) {
      String layerSalt = config.get("layer").get("salt").stringValue();
      assertEquals(
          expected.get("layer_bucket").intValue(), BucketHasher.sha256(layerSalt).bucket(unit));
    }
  }

  @Test
  void neverSharesAUserBetweenExperimentsOfALayer() {
    JsonNode exclusion = file.get("mutual_exclusion");
    RoutingTable table =
        Compiling.table(
            layered("L-a").layer("ranking", "layer/ranking", 0, 5000),
            layered("L-b").layer("ranking", "layer/ranking", 5000, 8000));
    int inA = 0;
    int inB = 0;
    int inBoth = 0;
    for (int i = 0; i < 20_000; i++) {
      boolean a = isAssigned(table.route("L-a", "user-" + i));
      boolean b = isAssigned(table.route("L-b", "user-" + i));
      inA += a ? 1 : 0;
      inB += b ? 1 : 0;
      inBoth += a && b ? 1 : 0;
    }
    assertEquals(exclusion.get("assigned_a").intValue(), inA);
    assertEquals(exclusion.get("assigned_b").intValue(), inB);
    assertEquals(exclusion.get("assigned_both_must_be_zero").intValue(), inBoth);
  }

  private static SpecBuilder layered(String name) {
    return SpecBuilder.model(name)
        .salt(name + ".s1")
        .stable()
        .variant("t", 2, 5000)
        .variant("control", 1, 5000);
  }

  private static boolean isAssigned(RouteDecision decision) {
    return decision.reason() == RouteDecision.Reason.ASSIGNED;
  }

  /// The first unit that the request has, as a front chooses it.
  private static @Nullable String unit(JsonNode config, JsonNode units) {
    List<String> types = new ArrayList<>(List.of(config.get("unit_type").stringValue()));
    config.get("fallback_unit_types").forEach(type -> types.add(type.stringValue()));
    for (String type : types) {
      if (units.has(type)) {
        return units.get(type).stringValue();
      }
    }
    return null;
  }

  private static SpecBuilder spec(JsonNode config) {
    SpecBuilder spec =
        SpecBuilder.model("m")
            .experiment(config.get("id").stringValue())
            .salt(config.get("salt").stringValue())
            .variant(config.get("default_variant").stringValue(), 1, 0);
    List<String> names = new ArrayList<>(List.of(config.get("default_variant").stringValue()));
    for (JsonNode variant : config.get("variants")) {
      BucketRange range = VectorFile.rangesOf(variant.get("ranges")).getFirst();
      if (variant.has("removed")) {
        spec.tombstone(range.start(), range.end());
      } else {
        names.add(variant.get("name").stringValue());
        spec.variant(names.getLast(), names.size(), range.size(), range);
      }
    }
    config
        .get("overrides")
        .properties()
        .forEach(entry -> {
          if (names.contains(entry.getValue().stringValue())) {
            spec.override(entry.getKey(), entry.getValue().stringValue());
          }
        });
    if (config.has("layer")) {
      JsonNode layer = config.get("layer");
      BucketRange slots = VectorFile.rangesOf(layer.get("slots")).getFirst();
      spec.layer("l", layer.get("salt").stringValue(), slots.start(), slots.end());
    }
    return config.get("state").stringValue().equals("RUNNING") ? spec : spec.stopped();
  }
}
