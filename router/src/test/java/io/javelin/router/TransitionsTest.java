package io.javelin.router;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.javelin.router.RouteDecision.Reason;
import io.javelin.router.RoutingTableCompiler.RoutingError;
import java.util.List;
import org.junit.jupiter.api.Test;

/// What may follow a table under the same salt.
class TransitionsTest {
  private static final BucketRange LOW = new BucketRange(0, 5000);
  private static final BucketRange HIGH = new BucketRange(5000, 10_000);

  // user-2 is in bucket 4303, user-1 in 5864.
  private final RoutingTable halves = Compiling.table(both());

  private static SpecBuilder spec() {
    return SpecBuilder.model("m").stable();
  }

  private static SpecBuilder both() {
    return spec().variant("a", 2, 5000).variant("b", 3, 5000);
  }

  private static SpecBuilder onlyB() {
    return spec().variant("b", 3, 5000, HIGH);
  }

  @Test
  void keepsTheBucketsOfARemovedVariantWithTheDefault() {
    assertEquals("a", halves.route("m", "user-2").variant());
    RoutingTable table = Compiling.after(halves, onlyB());
    assertEquals(Reason.VARIANT_REMOVED, table.route("m", "user-2").reason());
    assertEquals("stable", table.route("m", "user-2").variant());
    assertEquals(Reason.ASSIGNED, table.route("m", "user-1").reason());
    assertEquals(List.of(LOW), table.find("m").orElseThrow().tombstones());
  }

  @Test
  void keepsTombstonesThroughLaterTables() {
    RoutingTable table = Compiling.after(Compiling.after(halves, onlyB()), onlyB());
    assertEquals(Reason.VARIANT_REMOVED, table.route("m", "user-2").reason());
    assertConflict(
        table, spec().variant("c", 4, 100, LOW).variant("b", 3, 5000, HIGH), "variants[1].home");
  }

  @Test
  void keepsTombstonesWhileTheExperimentIsGone() {
    RoutingTable gone = Compiling.after(Compiling.after(halves, onlyB()));
    assertConflict(gone, spec().variant("c", 4, 100, LOW), "variants[1].home");
    assertConflict(gone, spec().variant("c", 4, 100, HIGH), "variants[1].home");
  }

  @Test
  void namesTheBucketsTheOwnerAndTheWayOut() {
    RoutingError error =
        assertConflict(halves, spec().variant("c", 4, 100, LOW), "variants[1].home");
    assertEquals(
        "'c' would serve [[0,100)], which belong to the removed variant 'a' under this salt: give"
            + " a home or a weight that leaves them alone, or use a new salt",
        error.message());
  }

  @Test
  void refusesToShiftHomesWhenAVariantIsRemoved() {
    List<RoutingError> errors = Compiling.errorsAfter(halves, spec().variant("b", 3, 5000));
    assertEquals(
        List.of("variants[1].home", "variants[1].home"),
        errors.stream().map(RoutingError::field).toList());
    assertTrue(errors.get(1).message().contains("expected a home that begins at 5000"));
  }

  @Test
  void refusesToSwapTheOrderOfVariantsWithoutHomes() {
    assertEquals(
        4,
        Compiling.errorsAfter(halves, spec().variant("b", 3, 5000).variant("a", 2, 5000)).size());
    Compiling.after(halves, spec().variant("b", 3, 5000, HIGH).variant("a", 2, 5000, LOW));
  }

  @Test
  void refusesBucketsThatARampDownHasFreed() {
    RoutingTable down = Compiling.after(halves, spec().variant("a", 2, 100).variant("b", 3, 5000));
    assertEquals(Reason.NOT_ENROLLED, down.route("m", "user-2").reason());
    assertConflict(
        down,
        spec()
            .variant("a", 2, 100, new BucketRange(0, 4000))
            .variant("b", 3, 5000, HIGH)
            .variant("c", 4, 1000, new BucketRange(4000, 5000)),
        "variants[3].home");
  }

  @Test
  void refusesToMoveATreatment() {
    RoutingTable before = Compiling.table(spec().variant("a", 2, 500, LOW));
    RoutingError error =
        assertConflict(
            before, spec().variant("a", 2, 600, new BucketRange(100, 5000)), "variants[1].home");
    assertEquals(
        "'a' would serve [[100,700)] where it had [[0,500)]: expected a home that begins at 0, or a"
            + " new salt",
        error.message());
  }

  @Test
  void letsANewSaltDoAnything() {
    RoutingTable table =
        Compiling.after(halves, spec().variant("c", 4, 10_000).salt("ranker.0badcafe"));
    assertEquals("c", table.route("m", "user-2").variant());
  }

  @Test
  void remembersAnEarlierSalt() {
    RoutingTable other =
        Compiling.after(halves, spec().variant("c", 4, 10_000).salt("ranker.0badcafe"));
    assertConflict(other, spec().variant("c", 4, 100), "variants[1].home");
  }

  @Test
  void letsARollBackBringAVariantBack() {
    RoutingTable removed = Compiling.after(halves, onlyB());
    RoutingTable tombstoned = Compiling.after(removed, onlyB().tombstone(0, 5000));
    assertEquals("a", Compiling.after(removed, both()).route("m", "user-2").variant());
    assertEquals("a", Compiling.after(tombstoned, both()).route("m", "user-2").variant());
  }

  @Test
  void keepsTheTombstonesOfASpecThatDropsThem() {
    RoutingTable before = Compiling.table(onlyB().tombstone(4000, 5000));
    assertEquals(Reason.VARIANT_REMOVED, before.route("m", "user-2").reason());
    RoutingTable dropped = Compiling.after(before, onlyB());
    assertEquals(Reason.VARIANT_REMOVED, dropped.route("m", "user-2").reason());
    RoutingError error =
        assertConflict(
            dropped,
            spec().variant("a", 2, 4001, LOW).variant("b", 3, 5000, HIGH),
            "variants[1].home");
    assertTrue(error.message().contains("[[4000,4001)], which belong to a tombstone"));
    Compiling.after(dropped, spec().variant("a", 2, 4000, LOW).variant("b", 3, 5000, HIGH));
  }

  @Test
  void givesAStoppedExperimentNoBuckets() {
    RoutingTable stopped = Compiling.table(spec().variant("a", 2, 5000).stopped());
    RoutingTable table = Compiling.after(stopped, spec().variant("c", 4, 5000));
    assertEquals("c", table.route("m", "user-2").variant());
  }

  @Test
  void remembersWhatAStoppedExperimentOwned() {
    RoutingTable stopped = Compiling.after(halves, both().stopped());
    assertConflict(stopped, spec().variant("c", 4, 100, LOW), "variants[1].home");
  }

  @Test
  void letsAPromotedTreatmentBecomeTheDefault() {
    RoutingTable promoted =
        Compiling.after(
            halves,
            SpecBuilder.model("m")
                .defaultVariant("b")
                .variant("b", 3, 0)
                .variant("a", 2, 5000, LOW));
    RouteDecision decision = promoted.route("m", "user-1");
    assertEquals("b", decision.variant());
    assertEquals(Reason.NOT_ENROLLED, decision.reason());
  }

  @Test
  void followsAnExperimentToAnotherModel() {
    assertEquals(
        "variants[1].home",
        Compiling.errorsAfter(
                halves,
                SpecBuilder.model("n").experiment("m-test").stable().variant("c", 4, 100, LOW))
            .getFirst()
            .field());
  }

  private static RoutingError assertConflict(RoutingTable before, SpecBuilder spec, String field) {
    List<RoutingError> errors = Compiling.errorsAfter(before, spec);
    assertEquals(
        List.of(field), errors.stream().map(RoutingError::field).toList(), errors.toString());
    return errors.getFirst();
  }
}
