package io.javelin.router;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.javelin.router.RoutingTableCompiler.RoutingError;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Every mistake that one configuration can hold: where it is reported and what the message names.
class RoutingErrorsTest {
  private static SpecBuilder sound() {
    return SpecBuilder.model("m").stable().variant("a", 2, 1000).variant("b", 3, 1000);
  }

  @Test
  void acceptsASoundSpec() {
    assertEquals(2, Compiling.table(sound()).find("m").orElseThrow().variants().get(1).version());
  }

  @Test
  void refusesWeightsThatOneHomeCannotHold() {
    assertOnlyError(
        SpecBuilder.model("m").stable().variant("a", 2, 6000).variant("b", 3, 1250),
        "variants[1].weight_percent",
        "60 % is more than the 50 % of the home [0,5000), an equal part for each of 2 variants:"
            + " give explicit homes");
    assertOnlyError(
        SpecBuilder.model("m").stable().variant("a", 2, 501, new BucketRange(0, 500)),
        "variants[1].weight_percent",
        "5.01 % is more than the 5 % of the home [0,500): give it a larger home");
  }

  @Test
  void refusesWeightsOfMoreThanAllUsers() {
    List<RoutingError> errors =
        Compiling.errors(
            SpecBuilder.model("m")
                .stable()
                .variant("a", 2, 6000, new BucketRange(0, 6000))
                .variant("b", 3, 5000, new BucketRange(6000, 10_000)));
    assertError(errors, "variants", "expected weights of 100 % at most in total, got 110 %");
    assertOnlyError(
        SpecBuilder.model("m").stable().variant("a", 2, -1),
        "variants[1].weight_percent",
        "expected 0 % to 100 %, got -0.01 %");
    assertError(
        Compiling.errors(SpecBuilder.model("m").stable().variant("a", 2, 10_001)),
        "variants[1].weight_percent",
        "expected 0 % to 100 %, got 100.01 %");
  }

  @Test
  void doesNotOverflowWhenItAddsWeights() {
    List<RoutingError> errors =
        Compiling.errors(
            SpecBuilder.model("m")
                .stable()
                .variant("a", 2, Integer.MAX_VALUE)
                .variant("b", 3, Integer.MAX_VALUE));
    assertError(errors, "variants", "got 42949672.94 %");
  }

  @Test
  void refusesHomesThatOverlap() {
    assertOnlyError(
        SpecBuilder.model("m")
            .stable()
            .variant("a", 2, 100, new BucketRange(0, 600))
            .variant("b", 3, 100, new BucketRange(599, 1000)),
        "variants[2].home",
        "[599,1000) overlaps the home [0,600) of 'a'");
  }

  @Test
  void refusesAGivenHomeThatOverlapsAnEqualPart() {
    assertOnlyError(
        SpecBuilder.model("m")
            .stable()
            .variant("a", 2, 100, new BucketRange(4000, 5001))
            .variant("b", 3, 100),
        "variants[2].home",
        "[5000,10000) overlaps the home [4000,5001) of 'a'");
  }

  @Test
  void refusesHomesOnTombstones() {
    assertOnlyError(
        sound().tombstone(4000, 4100).tombstone(4900, 5000).tombstone(9000, 9001).stopped(),
        List.of("variants[1].home", "variants[1].home", "variants[2].home"),
        List.of("tombstones[0] [4000,4100)", "tombstones[1]", "tombstones[2] [9000,9001)"));
  }

  @Test
  void refusesVariantsWithoutANameOfTheirOwn() {
    assertOnlyError(
        sound().variant("a", 4, 0), "variants[3].name", "'a' is already the name of variants[1]");
    assertOnlyError(sound().variant(" ", 4, 0), "variants[3].name", "expected a name, got ' '");
  }

  @Test
  void refusesAnUnknownDefaultVariant() {
    assertOnlyError(
        sound().defaultVariant("base"),
        "default",
        "'base' is no variant: expected one of [stable, a, b]");
    assertOnlyError(
        SpecBuilder.model("m"), "default", "'stable' is no variant: expected one of []");
  }

  @Test
  void refusesADefaultVariantWithAWeightOrAHome() {
    assertOnlyError(
        SpecBuilder.model("m").variant("stable", 1, 9000, new BucketRange(0, 9000)),
        List.of("variants[0].home", "variants[0].weight_percent"),
        List.of("got [0,9000)", "got 90 %"));
  }

  @Test
  void refusesVersionsThatCannotBe() {
    assertOnlyError(
        sound().variant("c", -1, 0).shadow(new Shadow("s", -2, 100)),
        List.of("variants[3].version", "shadows[0].version"),
        List.of("got -1", "got -2"));
  }

  @Test
  void refusesSaltsOfAnotherForm() {
    for (String salt : List.of("", "a:b", "-a", "s".repeat(129), "sälz")) {
      assertOnlyError(sound().salt(salt), "salt", "'" + salt + "': expected 1 to 128");
    }
  }

  @Test
  void refusesEmptyNames() {
    assertOnlyError(sound().experiment(""), "experiment", "expected a name, got ''");
    assertOnlyError(SpecBuilder.model("").stable(), "model", "expected a name, got ''");
    assertOnlyError(sound().layer("", "l", 0, 1), "layer.name", "expected a name, got ''");
  }

  @Test
  void refusesOverridesThatCannotWork() {
    assertOnlyError(
        sound().override("qa", "canary").override("", "a").override("x\udc00", "b"),
        List.of("overrides.qa", "overrides.", "overrides.x\udc00"),
        List.of(
            "'canary' is no variant: expected one of [stable, a, b]",
            "got 0 UTF-16 units",
            "no valid user id"));
  }

  @Test
  void refusesShadowsThatCannotBeSampled() {
    assertOnlyError(
        sound()
            .shadow("over", 10_001)
            .shadow("under", -1)
            .shadow("twice", 1)
            .shadow("twice", 2)
            .shadow("a b", 1)
            .shadow("", 1),
        List.of(
            "shadows[0].sample_percent",
            "shadows[1].sample_percent",
            "shadows[3].name",
            "shadows[4].name",
            "shadows[5].name"),
        List.of(
            "expected 0 % to 100 %, got 100.01 %",
            "got -0.01 %",
            "'twice' is already the name of shadows[2]",
            "'a b': expected 1 to 121",
            "'': expected 1 to 121"));
    assertOnlyError(sound().shadow("s".repeat(122), 1), "shadows[0].name", "expected 1 to 121");
    Compiling.table(sound().shadow("s".repeat(121), 1));
  }

  @Test
  void refusesLayersThatShareUsers() {
    List<RoutingError> errors =
        Compiling.errors(
            sound().experiment("one").layer("l", "layer-salt", 0, 5000),
            SpecBuilder.model("n").experiment("two").stable().layer("l", "layer-salt", 5000, 6000),
            SpecBuilder.model("o").experiment("three").stable().layer("l", "other", 4999, 5001),
            SpecBuilder.model("p").experiment("four").stable().layer("k", "other", 0, 5000));
    assertEquals(
        List.of("o layer.salt", "o layer.slots", "o layer.slots"),
        errors.stream().map(e -> e.model() + " " + e.field()).toList());
    assertTrue(errors.get(0).message().contains("expected 'layer-salt'"), errors.toString());
    assertTrue(errors.get(0).message().contains("got 'other'"), errors.toString());
    assertTrue(errors.get(1).message().startsWith("[4999,5001) overlaps [0,5000) of experiment"));
    assertTrue(errors.get(2).message().contains("[5000,6000) of experiment 'two'"));
  }

  @Test
  void refusesALayerThatHashesLikeItsExperiment() {
    assertOnlyError(
        sound().layer("l", SpecBuilder.SALT, 0, 5000), "layer.salt", "the experiment's salt too");
    assertOnlyError(sound().layer("l", "a:b", 0, 5000), "layer.salt", "'a:b': expected 1 to 128");
  }

  @Test
  void refusesTwoSpecsForOneModel() {
    List<RoutingError> errors = Compiling.errors(sound(), sound().experiment("second"));
    assertEquals(
        List.of(
            new RoutingError(
                "m", "model", "expected one experiment per model, got 'm-test' and 'second'")),
        errors);
  }

  @Test
  void refusesTwoExperimentsOfOneName() {
    List<RoutingError> errors =
        Compiling.errors(sound(), SpecBuilder.model("n").experiment("m-test").stable());
    assertEquals(1, errors.size());
    assertEquals("n", errors.getFirst().model());
    assertEquals("experiment", errors.getFirst().field());
    assertTrue(errors.getFirst().message().contains("of model 'm'"), errors.toString());
  }

  @Test
  void listsTheMistakesOfAllSpecsAtOnce() {
    List<RoutingError> errors =
        Compiling.errors(
            sound().salt("a:b").shadow("s", 20_000).override("u", "nobody"),
            SpecBuilder.model("n").stable().variant("x", 2, 9000).variant("y", 3, 9000));
    assertEquals(
        List.of(
            "m salt",
            "m overrides.u",
            "m shadows[0].sample_percent",
            "n variants",
            "n variants[1].weight_percent",
            "n variants[2].weight_percent"),
        errors.stream().map(e -> e.model() + " " + e.field()).toList());
  }

  private static void assertOnlyError(SpecBuilder spec, String field, String message) {
    assertOnlyError(spec, List.of(field), List.of(message));
  }

  private static void assertOnlyError(
      SpecBuilder spec, List<String> fields, List<String> messages) {
    List<RoutingError> errors = Compiling.errors(spec);
    assertEquals(fields, errors.stream().map(RoutingError::field).toList(), errors.toString());
    for (int i = 0; i < errors.size(); i++) {
      String message = errors.get(i).message();
      assertTrue(message.contains(messages.get(i)), message);
    }
  }

  private static void assertError(List<RoutingError> errors, String field, String message) {
    assertTrue(
        errors.stream().anyMatch(e -> e.field().equals(field) && e.message().contains(message)),
        errors.toString());
  }
}
