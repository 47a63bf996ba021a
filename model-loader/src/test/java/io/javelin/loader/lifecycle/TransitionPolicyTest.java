package io.javelin.loader.lifecycle;

import static io.javelin.loader.lifecycle.ReconcilerFixture.versions;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.javelin.loader.lifecycle.TransitionPolicy.Snapshot;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Tables of states. Columns: desired versions, actual `version=STATE`, the action of the policy
/// that preserves availability, the action of the one that preserves resources.
final class TransitionPolicyTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      nullValues = "-",
      value = {
        "-   | -                        | -        | -",
        "1   | 1=NEW                    | load 1   | load 1",
        "1   | 1=READY                  | -        | -",
        "1,2 | 1=NEW 2=NEW              | load 2   | load 2",
        "1,2 | 1=NEW 2=FETCHING         | -        | -",
        "1,2 | 1=NEW 2=WARMING          | -        | -",
        "1,2 | 1=NEW 2=READY            | load 1   | load 1",
        "1,2 | 1=NEW 2=FAILED           | load 1   | load 1",
        // a switch
        "2   | 1=READY 2=NEW            | load 2   | unload 1",
        "2   | 1=READY 2=LOADING        | -        | unload 1",
        "2   | 1=READY 2=FAILED         | -        | unload 1",
        "2   | 1=READY 2=READY          | unload 1 | unload 1",
        "2   | 1=DRAINING 2=READY       | -        | -",
        "2   | 1=DRAINING 2=NEW         | load 2   | -",
        "2   | 1=UNLOADING 2=NEW        | load 2   | -",
        // back to a version that is leaving
        "1   | 1=DRAINING 2=READY       | -        | unload 2",
        // one of two desired is enough to let go
        "2,3 | 1=READY 2=READY 3=NEW    | unload 1 | unload 1",
        "3   | 1=READY 2=READY 3=READY  | unload 1 | unload 1",
        // nothing is desired any more
        "-   | 1=READY 2=READY          | unload 1 | unload 1",
        "-   | 1=DRAINING 2=READY       | unload 2 | unload 2",
        "-   | 1=FAILED 2=LOADING       | -        | -",
      })
  void chooses(
      @Nullable String desired,
      @Nullable String actual,
      @Nullable String preservesAvailability,
      @Nullable String resources) {
    Snapshot model = new Snapshot(parseVersions(desired), parseStates(actual));
    assertEquals(preservesAvailability, text(TransitionPolicy.availabilityPreserving(), model));
    assertEquals(resources, text(TransitionPolicy.resourcePreserving(), model));
  }

  private static SortedSet<Long> parseVersions(@Nullable String text) {
    return text == null
        ? versions()
        : versions(Stream.of(text.split(",", -1)).map(Long::valueOf).toArray(Long[]::new));
  }

  private static SortedMap<Long, VersionState> parseStates(@Nullable String text) {
    SortedMap<Long, VersionState> states = new TreeMap<>();
    if (text != null) {
      for (String one : text.split(" ", -1)) {
        String[] parts = one.split("=", 2);
        states.put(Long.valueOf(parts[0]), VersionState.valueOf(parts[1]));
      }
    }
    return states;
  }

  private static @Nullable String text(TransitionPolicy policy, Snapshot model) {
    return switch (policy.next(model)) {
      case null -> null;
      case TransitionPolicy.Action.Load load -> "load " + load.version();
      case TransitionPolicy.Action.Unload unload -> "unload " + unload.version();
    };
  }
}
