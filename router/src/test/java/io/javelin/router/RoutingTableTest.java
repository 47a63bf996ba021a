package io.javelin.router;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.javelin.router.RouteDecision.Reason;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RoutingTableTest {
  // Under SpecBuilder.SALT: user-24 is in bucket 96, user-23 in 274, user-1 in 5864.
  private static final String EARLY = "user-23";
  private static final String LATE = "user-1";

  private final RoutingTable table =
      Compiling.table(
          SpecBuilder.model("ranker")
              .experiment("ranker-v2")
              .stable()
              .variant("canary", 2, 500)
              .shadow("next", 2500)
              .override("qa-robot", "canary")
              .override("qa-base", "stable"),
          SpecBuilder.model("halted").stable().variant("canary", 2, 500).stopped(),
          SpecBuilder.model("layered")
              .stable()
              .variant("canary", 2, 10_000)
              .override("user-1", "canary")
              .layer("l", "layer/ranking", 0, 400));

  @Test
  void assignsByBucket() {
    RouteDecision decision = table.route("ranker", EARLY);
    assertEquals(
        new RouteDecision(
            "ranker",
            "ranker-v2",
            "canary",
            2,
            274,
            Reason.ASSIGNED,
            List.of(new Shadow("next", 9, 2500)),
            1),
        decision);
  }

  @Test
  void servesTheDefaultToWhomNoTreatmentOwns() {
    RouteDecision decision = table.route("ranker", LATE);
    assertEquals("stable", decision.variant());
    assertEquals(1, decision.version());
    assertEquals(5864, decision.bucket());
    assertEquals(Reason.NOT_ENROLLED, decision.reason());
  }

  @Test
  void servesTheDefaultWithoutAValidUser() {
    for (String user : new String[] {null, "", "\ud83d", "x".repeat(4097)}) {
      for (String model : List.of("ranker", "layered")) {
        RouteDecision decision = table.route(model, user);
        assertEquals(Reason.NO_UNIT, decision.reason());
        assertEquals("stable", decision.variant());
        assertEquals(RouteDecision.NO_BUCKET, decision.bucket());
      }
    }
  }

  @Test
  void overridesBeforeItHashes() {
    RouteDecision canary = table.route("ranker", "qa-robot");
    assertEquals(Reason.OVERRIDE, canary.reason());
    assertEquals("canary", canary.variant());
    assertEquals(2, canary.version());
    assertEquals(RouteDecision.NO_BUCKET, canary.bucket());
    assertEquals("stable", table.route("ranker", "qa-base").variant());
  }

  @Test
  void overridesBeforeItAsksTheLayer() {
    // user-1 has layer bucket 435, outside of the slots.
    assertEquals(Reason.OVERRIDE, table.route("layered", "user-1").reason());
    assertEquals(Reason.LAYER_EXCLUDED, table.route("layered", "user-2").reason());
    assertEquals("stable", table.route("layered", "user-2").variant());
  }

  @Test
  void stopsBeforeItAsksForAUser() {
    assertEquals(Reason.STOPPED, table.route("halted", EARLY).reason());
    assertEquals("stable", table.route("halted", EARLY).variant());
    assertEquals(Reason.STOPPED, table.route("halted", null).reason());
  }

  @Test
  void routesAModelWithoutExperimentToTheLatestVersion() {
    RouteDecision expected =
        new RouteDecision(
            "plain",
            "",
            RouteDecision.NO_EXPERIMENT_VARIANT,
            Variant.LATEST,
            RouteDecision.NO_BUCKET,
            Reason.NO_EXPERIMENT,
            List.of(),
            1);
    assertEquals(expected, table.route("plain", EARLY));
    assertEquals(expected, table.route("plain", null));
  }

  @Test
  void remembersTheDecisionOfAModelWithoutExperiment() {
    assertSame(table.route("plain", EARLY), table.route("plain", LATE));
  }

  @Test
  void boundsWhatItRemembersOfNamesThatClientsChoose() {
    for (int i = 0; i < PlainRoutes.MAX_REMEMBERED; i++) {
      table.route("unknown-" + i, null);
    }
    assertSame(table.route("unknown-0", null), table.route("unknown-0", null));
    assertNotSame(table.route("one-more", null), table.route("one-more", null));
    assertEquals(table.route("one-more", null), table.route("one-more", null));
  }

  @Test
  void carriesItsGenerationInEveryDecision() {
    RoutingTable seventh = RoutingTable.empty(7);
    assertEquals(7, seventh.generation());
    assertEquals(7, seventh.route("any", "user-1").generation());
    assertEquals(2, Compiling.after(table).generation());
    RoutingTable later = Compiling.after(table, SpecBuilder.model("m").stable());
    assertEquals(2, later.route("m", "user-1").generation());
    assertEquals(2, later.route("m", null).generation());
  }

  @Test
  void findsCompiledRoutes() {
    assertEquals(
        Optional.of(
            new RoutingTable.CompiledRoute(
                "ranker",
                "ranker-v2",
                SpecBuilder.SALT,
                "stable",
                List.of(
                    new Variant("stable", 1, List.of()),
                    new Variant("canary", 2, List.of(new BucketRange(0, 500)))),
                List.of(new Shadow("next", 9, 2500)),
                List.of())),
        table.find("ranker"));
    assertEquals(Optional.empty(), table.find("plain"));
  }

  @Test
  void givesOutNothingThatCanBeChanged() {
    RoutingTable.CompiledRoute route = table.find("ranker").orElseThrow();
    assertThrows(UnsupportedOperationException.class, () -> route.variants().clear());
    assertThrows(UnsupportedOperationException.class, () -> route.shadows().clear());
    assertThrows(
        UnsupportedOperationException.class, () -> table.route("ranker", EARLY).shadows().clear());
  }

  @Test
  void mirrorsTheSampledShareOfKeys() {
    Shadow shadow = table.route("ranker", EARLY).shadows().getFirst();
    BucketHasher sample = new PlainSha256BucketHasher("shadow/next");
    int mirrored = 0;
    for (int i = 0; i < 20_000; i++) {
      boolean is = table.mirrors(shadow, "request-" + i);
      assertEquals(sample.bucket("request-" + i) < 2500, is);
      mirrored += is ? 1 : 0;
    }
    assertEquals(5_000, mirrored, 250);
  }

  @Test
  void mirrorsAllOrNothingWithoutHashing() {
    RoutingTableCompiler noHash =
        new RoutingTableCompiler(salt ->
            unit -> {
              throw new AssertionError("hashed " + unit + " under " + salt);
            });
    List<RouteSpec> specs =
        List.of(SpecBuilder.model("m").stable().shadow("all", 10_000).shadow("none", 0).build());
    var compiled = (RoutingTableCompiler.Result.Compiled) noHash.compile(1, specs, null);
    assertTrue(compiled.table().mirrors(new Shadow("all", 9, 10_000), ""));
    assertFalse(compiled.table().mirrors(new Shadow("none", 9, 0), "request-1"));
  }

  @Test
  void mirrorsNoInvalidKeyInASample() {
    Shadow almostAll = new Shadow("next", 9, 9_999);
    assertFalse(table.mirrors(almostAll, ""));
    assertFalse(table.mirrors(almostAll, "\ud83d"));
  }

  @Test
  void samplesAShadowThatAnotherTableKnowsInTheSameWay() {
    Shadow shadow = new Shadow("next", 9, 2500);
    for (int i = 0; i < 1_000; i++) {
      assertEquals(
          table.mirrors(shadow, "request-" + i),
          RoutingTable.empty(1).mirrors(shadow, "request-" + i));
    }
  }
}
