package io.javelin.router;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

class HomesTest {
  private static List<List<BucketRange>> ranges(SpecBuilder spec) {
    return Compiling.table(spec).find("m").orElseThrow().variants().stream()
        .map(Variant::ranges)
        .toList();
  }

  @Test
  void givesOneTreatmentTheWholeRange() {
    assertEquals(
        List.of(List.of(), List.of(new BucketRange(0, 10_000))),
        ranges(SpecBuilder.model("m").stable().variant("a", 2, 10_000)));
  }

  @Test
  void givesTreatmentsEqualPartsInTheOrderOfTheSpec() {
    assertEquals(
        List.of(
            List.of(new BucketRange(0, 1000)),
            List.of(),
            List.of(new BucketRange(3334, 5334)),
            List.of(new BucketRange(6667, 10_000))),
        ranges(
            SpecBuilder.model("m")
                .variant("a", 2, 1000)
                .stable()
                .variant("b", 3, 2000)
                .variant("c", 4, 3333)));
  }

  @Test
  void startsInTheHomeThatIsGiven() {
    assertEquals(
        List.of(List.of(), List.of(new BucketRange(9500, 9600))),
        ranges(
            SpecBuilder.model("m").stable().variant("a", 2, 100, new BucketRange(9500, 10_000))));
  }

  @Test
  void givesATreatmentWithoutWeightNoBuckets() {
    assertEquals(
        List.of(List.of(), List.of()), ranges(SpecBuilder.model("m").stable().variant("a", 2, 0)));
  }

  @Test
  void needsNoTreatment() {
    assertEquals(List.of(List.of()), ranges(SpecBuilder.model("m").stable()));
  }
}
