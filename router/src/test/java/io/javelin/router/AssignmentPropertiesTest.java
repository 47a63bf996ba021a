package io.javelin.router;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import io.javelin.router.RoutingTableCompiler.Result;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What holds for every sequence of configurations. A failure names the seed.
class AssignmentPropertiesTest {
  private static final int USERS = 2_000;

  @Test
  void keepsEveryUserWhoWasInWhenATreatmentRampsUp() {
    RoutingTable low = Compiling.table(SpecBuilder.model("m").stable().variant("canary", 2, 500));
    RoutingTable high =
        Compiling.after(low, SpecBuilder.model("m").stable().variant("canary", 2, 2500));
    int in = 0;
    for (int i = 0; i < 100_000; i++) {
      if (low.route("m", "user-" + i).variant().equals("canary")) {
        in++;
        assertEquals("canary", high.route("m", "user-" + i).variant());
      }
    }
    assertEquals(5_000, in, 250);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void neverMovesAUserBetweenTreatments(long seed) {
    Random random = new Random(seed);
    RoutingTable table = RoutingTable.empty(0);
    Map<String, String> treatmentOfUser = new HashMap<>();
    int accepted = 0;
    int refused = 0;
    for (int step = 0; step < 120; step++) {
      switch (Compiling.compile(table, randomSpec(random))) {
        case Result.Rejected rejected -> refused++;
        case Result.Compiled compiled -> {
          accepted++;
          table = compiled.table();
          observe(table, treatmentOfUser, "seed " + seed + ", step " + step);
        }
      }
    }
    assertTrue(accepted >= 10 && refused >= 10, accepted + " accepted, " + refused + " refused");
    assertTrue(treatmentOfUser.size() > USERS / 10, treatmentOfUser.size() + " users in");
  }

  private static void observe(
      RoutingTable table, Map<String, String> treatmentOfUser, String where) {
    for (int i = 0; i < USERS; i++) {
      String user = "user-" + i;
      RouteDecision decision = table.route("m", user);
      if (decision.reason() == RouteDecision.Reason.ASSIGNED) {
        String before = treatmentOfUser.putIfAbsent(user, decision.variant());
        if (before != null && !before.equals(decision.variant())) {
          fail(user + " moved from " + before + " to " + decision.variant() + ", " + where);
        }
      }
    }
  }

  /// Weights always, and sometimes another set, another order, other homes, or a stop.
  private static SpecBuilder randomSpec(Random random) {
    List<String> names = new ArrayList<>(List.of("a", "b", "c"));
    if (random.nextInt(6) == 0) {
      Collections.shuffle(names, random);
    }
    if (random.nextInt(3) == 0) {
      names.removeLast();
    }
    SpecBuilder spec = SpecBuilder.model("m").stable();
    boolean ownHomes = random.nextBoolean();
    int shift = random.nextInt(10) == 0 ? random.nextInt(-300, 301) : 0;
    for (String name : names) {
      int start = Math.ceilDiv((name.charAt(0) - 'a') * BucketHasher.BUCKETS, 3);
      int weight = random.nextInt(3000);
      if (ownHomes) {
        int from = Math.max(0, start + shift);
        int to = Math.min(from + 3333, BucketHasher.BUCKETS);
        spec.variant(name, 2, weight, new BucketRange(from, to));
      } else {
        spec.variant(name, 2, weight);
      }
    }
    return random.nextInt(8) == 0 ? spec.stopped() : spec;
  }

  @Test
  void givesOneIdOneVariantOverManyCallsAndTables() {
    RoutingTable first = Compiling.table(three());
    RoutingTable second =
        Compiling.after(
            Compiling.table(SpecBuilder.model("m").stable().variant("a", 2, 10)), three());
    Random random = new Random(42);
    for (int user = 0; user < 50; user++) {
      String id = Long.toHexString(random.nextLong());
      RouteDecision expected = first.route("m", id);
      for (int call = 0; call < 1_000; call++) {
        assertEquals(expected, first.route("m", id));
      }
      RouteDecision other = second.route("m", id);
      assertEquals(expected.variant(), other.variant());
      assertEquals(expected.bucket(), other.bucket());
      assertEquals(expected.reason(), other.reason());
    }
  }

  @Test
  void splitsUsersByTheWeights() {
    RoutingTable table = Compiling.table(three());
    Map<String, Integer> index = Map.of("stable", 0, "a", 1, "b", 2, "c", 3);
    long[] counts = new long[4];
    for (int i = 0; i < 100_000; i++) {
      Integer variant = index.get(table.route("m", "customer/" + i).variant());
      counts[variant == null ? 0 : variant]++;
    }
    double chiSquare = ChiSquare.against(counts, new double[] {50_000, 5_000, 15_000, 30_000});
    // Chance exceeds 16.27 once in a thousand salts with 3 degrees of freedom.
    assertTrue(chiSquare < 16.27, "chi-square " + chiSquare);
  }

  private static SpecBuilder three() {
    return SpecBuilder.model("m")
        .stable()
        .variant("a", 2, 500)
        .variant("b", 3, 1500)
        .variant("c", 4, 3000);
  }
}
