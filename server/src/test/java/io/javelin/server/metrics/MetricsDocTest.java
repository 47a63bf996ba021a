package io.javelin.server.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.javelin.batching.CloseCause;
import io.javelin.router.RouteDecision;
import io.javelin.router.RouteDecision.Reason;
import io.javelin.server.pipeline.Telemetry;
import io.javelin.server.pipeline.Telemetry.VersionTelemetry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class MetricsDocTest {
  private static final Path DOC = Path.of("..", "docs", "metrics.md");
  private static final Pattern ROW =
      Pattern.compile("(?m)^\\| `((?:nv|javelin)_\\w+)` \\| ([^|]+) \\| (\\w+) \\| ([^|]+) \\|");
  private static final Pattern NAME = Pattern.compile("\\b(?:nv|javelin)_\\w+");

  private final MetricsRegistry registry = new MetricsRegistry();

  @BeforeEach
  void useEverything() {
    PrometheusTelemetry telemetry = new PrometheusTelemetry(registry);
    VersionTelemetry version = telemetry.version("m", 1);
    version.onBatch(1, 1, CloseCause.IDLE);
    version.variant("b").onPrediction(0, 0.5);
    version.bindQueue(1, level -> 0, () -> 0);
    telemetry.onTenantRefused("t", Telemetry.TenantRefusal.QUOTA);
    version.padding().onRun(1, 1);
    version.cache(() -> 0, () -> 0).onBypass();
    telemetry.shadow("m", "s", 2).onSampled();
    OperationsMetrics operations = new OperationsMetrics(registry);
    operations.onVersionState("m", 1, "READY");
    operations.onRoute(new RouteDecision("m", "e", "b", 1, 1, Reason.ASSIGNED, List.of(), 1));
    operations.bindTransportMemory(() -> 0, () -> 0);
  }

  @AfterEach
  void close() {
    registry.close();
  }

  @Test
  void listsEverySeriesWithItsTypeAndLabelsAndNoOther() throws IOException {
    TextScrape scrape = TextScrape.of(registry);
    Map<String, String> exposed = new TreeMap<>();
    scrape
        .ownTypes()
        .forEach(
            (name, type) -> exposed.put(name, type + " " + new TreeSet<>(scrape.labelNames(name))));

    Map<String, String> documented = new TreeMap<>();
    Matcher row = ROW.matcher(Files.readString(DOC));
    while (row.find()) {
      documented.put(row.group(1), row.group(3) + " " + labels(row.group(2)));
    }

    assertEquals(exposed, documented);
  }

  @Test
  void queriesUseOnlyNamesThatExist() throws IOException {
    TextScrape scrape = TextScrape.of(registry);
    Matcher name = NAME.matcher(Files.readString(DOC));
    while (name.find()) {
      String family = name.group().replaceAll("_(bucket|sum|count)$", "");
      Set<String> types = scrape.ownTypes().keySet();
      assertTrue(types.contains(name.group()) || types.contains(family), name.group());
    }
  }

  @Test
  void namesFollowPrometheusConventions() {
    TextScrape.of(registry)
        .ownTypes()
        .forEach((name, type) -> {
          assertTrue(name.matches("[a-z][a-z0-9]*(_[a-z0-9]+)*"), name);
          if (name.startsWith("javelin_")) {
            assertEquals(type.equals("counter"), name.endsWith("_total"), name);
            assertTrue(!name.matches(".*_(bucket|count|sum|info|created)"), name);
            assertTrue(!name.matches(".*_(ms|us|millis|micros|kb|mb|secs)(_.*)?"), name);
          }
        });
  }

  @Test
  void everyFamilyHasHelp() {
    TextScrape scrape = TextScrape.of(registry);
    for (String name : scrape.ownTypes().keySet()) {
      assertTrue(
          scrape.lines().stream().anyMatch(line -> line.startsWith("# HELP " + name + " ")), name);
    }
  }

  private static Set<String> labels(String cell) {
    return Pattern.compile("`(\\w+)`")
        .matcher(cell)
        .results()
        .map(match -> match.group(1))
        .collect(Collectors.toCollection(TreeSet::new));
  }
}
