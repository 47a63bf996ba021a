package io.javelin.router;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullAndEmptySource;
import org.junit.jupiter.params.provider.ValueSource;

/// What every [BucketHasher] must do, whatever its hash.
abstract class BucketHasherContract {
  private static final int UNITS = 20_000;

  abstract BucketHasher hasher(String salt);

  private int[] buckets(BucketHasher hasher) {
    return IntStream.range(0, UNITS).map(i -> hasher.bucket("user-" + i)).toArray();
  }

  @Test
  void staysInsideTheBuckets() {
    for (int bucket : buckets(hasher("exp-1"))) {
      assertTrue(bucket >= 0 && bucket < BucketHasher.BUCKETS, "bucket " + bucket);
    }
  }

  @Test
  void givesTheSameBucketAgainAndFromAnotherInstance() {
    BucketHasher hasher = hasher("exp-1");
    int[] first = buckets(hasher);
    assertEquals(asList(first), asList(buckets(hasher)));
    assertEquals(asList(first), asList(buckets(hasher("exp-1"))));
  }

  @Test
  void givesManyThreadsTheBucketsOfOne() throws Exception {
    BucketHasher hasher = hasher("exp-1");
    List<Integer> expected = asList(buckets(hasher));
    try (ExecutorService readers = Executors.newFixedThreadPool(4)) {
      Callable<List<Integer>> reading = () -> asList(buckets(hasher));
      List<Future<List<Integer>>> futures = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        futures.add(readers.submit(reading));
      }
      for (Future<List<Integer>> future : futures) {
        assertEquals(expected, future.get());
      }
    }
  }

  @Test
  void spreadsUnitsEvenly() {
    long[] counts = new long[10];
    for (int bucket : buckets(hasher("exp-1"))) {
      counts[bucket / 1000]++;
    }
    // 27.9 is exceeded by chance once in a thousand salts with 9 degrees of freedom.
    assertTrue(ChiSquare.uniform(counts) < 27.9, "chi-square " + ChiSquare.uniform(counts));
  }

  @Test
  void isIndependentUnderAnotherSalt() {
    long[][] table = ChiSquare.table(buckets(hasher("exp-1")), buckets(hasher("exp-2")));
    assertTrue(
        ChiSquare.independence(table) < ChiSquare.CRITICAL_81_DF,
        "chi-square " + ChiSquare.independence(table));
  }

  @ParameterizedTest
  @NullAndEmptySource
  @ValueSource(strings = {"\ud83d", "a\udc00", "\ude00\ud83d", "\ud83d\ud83d\ude00"})
  void refusesWhatIsNoUnit(String unit) {
    assertEquals(BucketHasher.NO_UNIT, hasher("exp-1").bucket(unit));
  }

  @ParameterizedTest
  @ValueSource(strings = {"a", "é", "用", "\ud83d\ude00"})
  void takesUnitsOfUpTo4096Bytes(String piece) {
    int bytes = piece.getBytes(java.nio.charset.StandardCharsets.UTF_8).length;
    String longest = piece.repeat(BucketHasher.MAX_UNIT_BYTES / bytes);
    longest += "x".repeat(BucketHasher.MAX_UNIT_BYTES % bytes);
    assertNotEquals(BucketHasher.NO_UNIT, hasher("exp-1").bucket(longest));
    assertEquals(BucketHasher.NO_UNIT, hasher("exp-1").bucket(longest + "x"));
  }

  @Test
  void comparesUnitsAsTheyAre() {
    BucketHasher hasher = hasher("exp-1");
    List<String> units =
        List.of("user-42", " user-42", "user-42 ", "USER-42", "caf\u00e9", "cafe\u0301");
    assertEquals(
        units.size(), units.stream().map(hasher::bucket).distinct().count(), "distinct buckets");
  }

  private static List<Integer> asList(int[] buckets) {
    return IntStream.of(buckets).boxed().toList();
  }
}
