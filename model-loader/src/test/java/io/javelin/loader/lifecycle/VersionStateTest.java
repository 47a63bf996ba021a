package io.javelin.loader.lifecycle;

import static io.javelin.loader.lifecycle.VersionState.DRAINING;
import static io.javelin.loader.lifecycle.VersionState.FAILED;
import static io.javelin.loader.lifecycle.VersionState.FETCHING;
import static io.javelin.loader.lifecycle.VersionState.GONE;
import static io.javelin.loader.lifecycle.VersionState.LOADING;
import static io.javelin.loader.lifecycle.VersionState.NEW;
import static io.javelin.loader.lifecycle.VersionState.READY;
import static io.javelin.loader.lifecycle.VersionState.RESERVED;
import static io.javelin.loader.lifecycle.VersionState.UNLOADING;
import static io.javelin.loader.lifecycle.VersionState.VERIFIED;
import static io.javelin.loader.lifecycle.VersionState.WARMING;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.javelin.loader.store.ModelArtifact;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

final class VersionStateTest {
  private static final Map<VersionState, Set<VersionState>> LEGAL =
      Map.ofEntries(
          Map.entry(NEW, Set.of(RESERVED, FAILED, GONE)),
          Map.entry(RESERVED, Set.of(FETCHING, FAILED, GONE)),
          Map.entry(FETCHING, Set.of(VERIFIED, FAILED, UNLOADING)),
          Map.entry(VERIFIED, Set.of(LOADING, FAILED, UNLOADING)),
          Map.entry(LOADING, Set.of(WARMING, FAILED, UNLOADING)),
          Map.entry(WARMING, Set.of(READY, FAILED, UNLOADING)),
          Map.entry(READY, Set.of(DRAINING)),
          Map.entry(DRAINING, Set.of(UNLOADING)),
          Map.entry(UNLOADING, Set.of(GONE)),
          Map.entry(GONE, Set.of()),
          Map.entry(FAILED, Set.of(NEW, GONE)));

  private static final ModelArtifact ARTIFACT = new ModelArtifact("digits", 3, Path.of("x"));

  /// The method that leads into each state.
  private static final Map<VersionState, Consumer<VersionEntry<String>>> EDGES =
      new EnumMap<>(
          Map.of(
              NEW, VersionEntry::retry,
              RESERVED, VersionEntry::reserve,
              FETCHING, VersionEntry::startFetch,
              VERIFIED, e -> e.verified(ARTIFACT, "f"),
              LOADING, VersionEntry::startLoad,
              WARMING, e -> e.startWarmUp("servable"),
              READY, e -> e.becomeReady(new LeasedServable<>(3, "servable", () -> {})),
              DRAINING, e -> e.startDrain(7),
              UNLOADING, VersionEntry::startUnload,
              GONE, VersionEntry::gone));

  static {
    EDGES.put(FAILED, e -> e.fail("why", "f", 7));
  }

  private static final Map<VersionState, List<VersionState>> WAY_TO =
      Map.ofEntries(
          Map.entry(NEW, List.of()),
          Map.entry(RESERVED, List.of(RESERVED)),
          Map.entry(FETCHING, List.of(RESERVED, FETCHING)),
          Map.entry(VERIFIED, List.of(RESERVED, FETCHING, VERIFIED)),
          Map.entry(LOADING, List.of(RESERVED, FETCHING, VERIFIED, LOADING)),
          Map.entry(WARMING, List.of(RESERVED, FETCHING, VERIFIED, LOADING, WARMING)),
          Map.entry(READY, List.of(RESERVED, FETCHING, VERIFIED, LOADING, WARMING, READY)),
          Map.entry(
              DRAINING, List.of(RESERVED, FETCHING, VERIFIED, LOADING, WARMING, READY, DRAINING)),
          Map.entry(UNLOADING, List.of(RESERVED, FETCHING, UNLOADING)),
          Map.entry(GONE, List.of(GONE)),
          Map.entry(FAILED, List.of(FAILED)));

  @Test
  void theMatrixOfLegalEdges() {
    for (VersionState from : VersionState.values()) {
      for (VersionState to : VersionState.values()) {
        assertEquals(legal(from, to), from.mayBecome(to), from + " -> " + to);
      }
    }
  }

  @Test
  void anEntryWalksLegalEdgesAndRefusesAllOthers() {
    for (VersionState from : VersionState.values()) {
      for (VersionState to : VersionState.values()) {
        VersionEntry<String> entry = entryIn(from);
        if (legal(from, to)) {
          edge(to).accept(entry);
          assertEquals(to, entry.state());
        } else {
          assertThrows(
              IllegalStateException.class, () -> edge(to).accept(entry), from + " -> " + to);
          assertEquals(from, entry.state(), "a refused edge changes nothing");
        }
      }
    }
  }

  @Test
  void retryAnewForgetsTheAttemptsRetryDoesNot() {
    VersionEntry<String> entry = entryIn(FAILED);
    entry.retry();
    assertEquals(1, entry.attempt());
    entry.fail("why", "f", 7);
    assertEquals(2, entry.attempt());
    entry.retryAnew();
    assertEquals(0, entry.attempt());
    assertThrows(IllegalStateException.class, entry::retryAnew);
  }

  @Test
  void theRefusalNamesVersionAndEdge() {
    Throwable refused =
        assertThrows(IllegalStateException.class, () -> entryIn(READY).startUnload());
    assertEquals("version 3 of 'digits' cannot go from READY to UNLOADING", refused.getMessage());
  }

  private static boolean legal(VersionState from, VersionState to) {
    return LEGAL.getOrDefault(from, Set.of()).contains(to);
  }

  private static Consumer<VersionEntry<String>> edge(VersionState to) {
    return Objects.requireNonNull(EDGES.get(to));
  }

  private static VersionEntry<String> entryIn(VersionState state) {
    VersionEntry<String> entry = new VersionEntry<>("digits", 3);
    for (VersionState next : WAY_TO.getOrDefault(state, List.of())) {
      edge(next).accept(entry);
    }
    assertEquals(state, entry.state());
    return entry;
  }
}
