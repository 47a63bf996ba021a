package io.javelin.router;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class LiveRoutingTest {
  private static final int GENERATIONS = 200;
  private static final int READERS = 4;

  @Test
  void holdsTheTableThatWasPutInForceLast() {
    RoutingTable first = RoutingTable.empty(1);
    RoutingTable second = RoutingTable.empty(2);
    LiveRouting live = new LiveRouting(first);
    assertSame(first, live.current());
    live.swap(second);
    assertSame(second, live.current());
  }

  /// All versions of generation n are n, so that a decision mixed from two tables would show.
  @Test
  void givesEveryRequestTheDecisionOfOneGenerationWhileTablesAreSwapped() throws Exception {
    List<RoutingTable> tables = tables();
    LiveRouting live = new LiveRouting(tables.getFirst());
    AtomicLong requests = new AtomicLong();
    try (ExecutorService readers = Executors.newFixedThreadPool(READERS)) {
      List<Future<?>> reading = new ArrayList<>();
      for (int i = 0; i < READERS; i++) {
        reading.add(readers.submit(() -> readUntilTheLast(live, requests)));
      }
      for (RoutingTable table : tables) {
        awaitRequests(requests, requests.get() + READERS, reading);
        live.swap(table);
      }
      for (Future<?> reader : reading) {
        reader.get();
      }
    }
  }

  private static void awaitRequests(AtomicLong requests, long count, List<Future<?>> reading) {
    while (requests.get() < count && !reading.stream().allMatch(Future::isDone)) {
      Thread.onSpinWait();
    }
  }

  private static void readUntilTheLast(LiveRouting live, AtomicLong requests) {
    long seen = 0;
    while (seen < GENERATIONS) {
      RoutingTable table = live.current();
      String user = "user-" + requests.incrementAndGet();
      for (String model : List.of("m", "plain")) {
        RouteDecision decision = table.route(model, user);
        assertEquals(table.generation(), decision.generation());
        assertEquals(model.equals("m") ? table.generation() : Variant.LATEST, decision.version());
        assertEquals(model, decision.model());
      }
      assertTrue(table.generation() >= seen, "generation " + table.generation() + " after " + seen);
      seen = table.generation();
    }
  }

  private static List<RoutingTable> tables() {
    List<RoutingTable> tables = new ArrayList<>();
    RoutingTable previous = RoutingTable.empty(0);
    for (int generation = 1; generation <= GENERATIONS; generation++) {
      SpecBuilder spec =
          SpecBuilder.model("m")
              .variant("stable", generation, 0)
              .variant("canary", generation, 10_000 * generation / GENERATIONS);
      previous = Compiling.after(previous, spec);
      tables.add(previous);
    }
    return tables;
  }
}
