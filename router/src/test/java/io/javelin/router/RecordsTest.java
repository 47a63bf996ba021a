package io.javelin.router;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.javelin.router.RouteDecision.Reason;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RecordsTest {
  @ParameterizedTest
  @CsvSource({"-1,5", "5,5", "6,5", "0,10001", "10000,10001"})
  void refusesRangesOutsideTheBuckets(int start, int end) {
    assertRefused(
        "bucket range [" + start + "," + end + "): expected 0 <= start < end <= 10000",
        () -> new BucketRange(start, end));
  }

  @Test
  void ordersBucketsInHalfOpenRanges() {
    BucketRange range = new BucketRange(10, 20);
    assertEquals(10, range.size());
    assertFalse(range.contains(9));
    assertTrue(range.contains(10));
    assertTrue(range.contains(19));
    assertFalse(range.contains(20));
    assertFalse(range.overlaps(new BucketRange(20, 21)));
    assertFalse(range.overlaps(new BucketRange(0, 10)));
    assertTrue(range.overlaps(new BucketRange(0, 11)));
    assertTrue(range.overlaps(BucketRange.ALL));
    assertTrue(range.overlaps(new BucketRange(19, 21)));
  }

  @Test
  void refusesVariantsThatCannotBeServed() {
    assertRefused("version -1 of variant 'a'", () -> new Variant("a", -1, List.of()));
    assertRefused("variant name ''", () -> new Variant("", 1, List.of()));
  }

  @Test
  void refusesDecisionsThatCannotBe() {
    assertRefused("bucket 10000: expected -1 to 9999", () -> decision(1, 10_000));
    assertRefused("bucket -2", () -> decision(1, -2));
    assertRefused("version -1", () -> decision(-1, 0));
  }

  private static RouteDecision decision(long version, int bucket) {
    return new RouteDecision("m", "e", "v", version, bucket, Reason.ASSIGNED, List.of(), 1);
  }

  @Test
  void refusesOutcomesThatSayNothing() {
    assertRefused(
        "expected at least one", () -> new RoutingTableCompiler.Result.Rejected(List.of()));
    assertRefused(
        "expected a field and a message",
        () -> new RoutingTableCompiler.RoutingError("m", "", "wrong"));
  }

  @Test
  void copiesWhatASpecIsGiven() {
    List<BucketRange> tombstones = new ArrayList<>();
    RouteSpec spec =
        new RouteSpec("m", "e", "s", true, "d", List.of(), List.of(), Map.of(), tombstones, null);
    tombstones.add(BucketRange.ALL);
    assertEquals(List.of(), spec.tombstones());
    assertThrows(UnsupportedOperationException.class, () -> spec.overrides().put("u", "v"));
  }

  private static void assertRefused(String message, Executable creation) {
    var e = assertThrows(IllegalArgumentException.class, creation);
    assertTrue(String.valueOf(e.getMessage()).contains(message), e.getMessage());
  }
}
