package io.javelin.server.activation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.javelin.loader.lifecycle.DesiredModel;
import io.javelin.loader.lifecycle.Lease;
import io.javelin.loader.lifecycle.ServingSet;
import io.javelin.router.LiveRouting;
import io.javelin.router.RoutingTable;
import io.javelin.server.config.ConfigParser;
import io.javelin.server.config.ServingConfig;
import io.javelin.server.pipeline.ModelRuntime;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ConfigApplierTest {
  private static final Instant NOW = Instant.ofEpochSecond(1_800_000_000);

  private final Ready ready = new Ready();
  private final LiveRouting routing = new LiveRouting(RoutingTable.empty(0));
  private final List<String> told = new ArrayList<>();
  private List<DesiredModel> desired = List.of();
  private final ConfigApplier applier =
      new ConfigApplier(
          new ConfigApplier.Targets(models -> desired = models, () -> ready, routing),
          new Told(),
          () -> NOW);

  /// Versions that a test declares ready. Leases give no runtime: nothing is reconfigured.
  private static final class Ready implements ServingSet<ModelRuntime> {
    private final Map<String, TreeSet<Long>> versions = new TreeMap<>();

    void set(String model, Long... ready) {
      versions.put(model, new TreeSet<>(Arrays.asList(ready)));
    }

    @Override
    public @Nullable Lease<ModelRuntime> lease(String model, long version) {
      return null;
    }

    @Override
    public SortedSet<Long> readyVersions(String model) {
      return versions.getOrDefault(model, new TreeSet<>());
    }

    @Override
    public List<String> readyModels() {
      return List.copyOf(versions.keySet());
    }
  }

  private final class Told implements ConfigApplier.Listener {
    @Override
    public void onApplied(long generation, ServingConfig config) {
      told.add("applied " + generation);
    }

    @Override
    public void onPending(long generation, List<String> reasons) {
      told.add("pending " + generation + " " + reasons);
    }

    @Override
    public void onRefused(List<String> reasons) {
      told.add("refused " + reasons.size());
    }
  }

  /// A configuration of `m` whose canary is the given version.
  private static String canary(long version) {
    return """
    registry: {url: file:/models}
    models:
      - name: m
        routing:
          experiment: e
          salt: s
          default: control
          variants:
            - {name: control, version: 1}
            - {name: canary, version: %d, weight_percent: 50}
    """
        .formatted(version);
  }

  private void apply(String text) {
    switch (new ConfigParser().parse("j.yaml", text, Path.of("/etc"))) {
      case ConfigParser.Result.Valid valid -> applier.apply(valid.config(), valid.sha256());
      case ConfigParser.Result.Invalid invalid -> throw new AssertionError(invalid.describe());
    }
  }

  private List<Long> pinned() {
    return List.copyOf(desired.getFirst().pinned());
  }

  @Test
  void theFirstConfigurationIsInForceBeforeAnythingIsReady() {
    assertEquals(0, applier.status().generation());
    assertFalse(applier.isComplete());

    apply(canary(2));

    assertEquals(List.of("applied 1"), told);
    assertEquals(1, routing.current().generation());
    assertEquals(List.of(1L, 2L), pinned());
    assertEquals(NOW, applier.status().appliedAt());
    assertFalse(applier.isComplete());
    ready.set("m", 1L, 2L);
    assertTrue(applier.isComplete());
  }

  @Test
  void aChangeWaitsForItsVersionsWhileTheOldOnesStay() {
    apply(canary(2));
    ready.set("m", 1L, 2L);

    apply(canary(3));

    assertEquals(List.of(1L, 2L, 3L), pinned(), "old and new versions together");
    assertEquals(1, routing.current().generation());
    assertEquals(2, applier.status().pendingGeneration());
    assertEquals(List.of("model 'm' version 3 is not ready"), applier.status().pendingReasons());
    assertTrue(applier.isComplete(), "a change in progress does not make the server unready");

    applier.onVersionsChanged();
    assertEquals(1, routing.current().generation());

    ready.set("m", 1L, 2L, 3L);
    applier.onVersionsChanged();

    assertEquals(2, routing.current().generation());
    assertEquals(List.of(1L, 3L), pinned());
    assertEquals(0, applier.status().pendingGeneration());
    assertEquals(
        List.of("applied 1", "pending 2 [model 'm' version 3 is not ready]", "applied 2"), told);
  }

  @Test
  void newerContentSupersedesAPendingOne() {
    apply(canary(2));
    ready.set("m", 1L, 2L);
    apply(canary(3));

    apply(canary(4));

    assertEquals(3, applier.status().pendingGeneration());
    assertEquals(List.of(1L, 2L, 4L), pinned(), "version 3 is not wanted any more");

    ready.set("m", 1L, 2L, 3L);
    applier.onVersionsChanged();
    assertEquals(1, applier.status().generation());

    apply(canary(2));

    assertEquals(4, applier.status().generation(), "the old content is a new generation");
    assertEquals(List.of(1L, 2L), pinned());
  }

  @Test
  void aModelThatIsDroppedStaysUntilItsSuccessorIsReady() {
    apply(canary(2));
    ready.set("m", 1L, 2L);

    apply("registry: {url: file:/models}\nmodels:\n  - name: n\n");

    assertEquals(List.of("m", "n"), desired.stream().map(DesiredModel::name).sorted().toList());
    assertEquals(List.of("m", "n"), applier.models());
    assertEquals(64, applier.settings("n").batching().maxBatchRows());

    ready.set("n", 7L);
    applier.onVersionsChanged();

    assertEquals(List.of("n"), desired.stream().map(DesiredModel::name).toList());
    assertEquals(List.of("n"), applier.models());
    assertThrows(IllegalArgumentException.class, () -> applier.settings("m"));
  }

  @Test
  void refusesWhatTakesEffectOnlyAtStart() {
    apply(canary(2));
    ready.set("m", 1L, 2L);

    apply(
        "server: {http_port: 1}\n"
            + canary(2).replace("name: m\n", "name: m\n    max_batch_size: 8\n"));

    assertEquals(List.of("applied 1", "refused 2"), told);
    ConfigStatus status = applier.status();
    assertEquals(NOW, status.refusedAt());
    assertTrue(
        status
            .refusalReasons()
            .get(0)
            .startsWith("server.http_port: takes effect only at start; running with"));
    assertTrue(status.refusalReasons().get(1).startsWith("models[m]: engine, max_batch_size"));
    assertEquals(0, status.pendingGeneration());
    assertEquals(1, status.generation());
  }

  @Test
  void theOldContentEndsARefusalWithoutANewGeneration() {
    apply(canary(2));
    applier.refuse(List.of("j.yaml:1: wrong"));
    assertEquals(List.of("j.yaml:1: wrong"), applier.status().refusalReasons());

    apply(canary(2));
    apply(canary(2));

    assertNull(applier.status().refusedAt());
    assertEquals(List.of(), applier.status().refusalReasons());
    assertEquals(1, applier.status().generation());
    assertEquals(List.of("applied 1", "refused 1", "applied 1"), told);
  }
}
