package io.javelin.loader.lifecycle;

import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What the reconciler knows of one model: what is wanted, what the bucket has, what is loaded.
/// Reconciler's thread only.
///
/// @param <S> servable
final class ModelVersions<S> {
  private static final Logger log = LoggerFactory.getLogger(ModelVersions.class);

  private final String name;
  private final SortedMap<Long, VersionEntry<S>> entries = new TreeMap<>();
  private @Nullable DesiredModel desired;
  private SortedSet<Long> available = Collections.emptySortedSet();
  private boolean listed;
  private String complaint = "";

  ModelVersions(String name) {
    this.name = name;
  }

  /// Null = the model is to be unloaded.
  void setDesired(@Nullable DesiredModel newDesired) {
    desired = newDesired;
  }

  boolean isDesired() {
    return desired != null;
  }

  /// Takes a listing of the bucket. An empty one never replaces one that had versions: a bucket
  /// that is suddenly empty was unmounted or wiped far more often than it was meant.
  void setAvailable(SortedSet<Long> versions) {
    listed = true;
    if (!versions.isEmpty()) {
      complain("");
      available = versions;
    } else if (available.isEmpty()) {
      complain("the store has no version of '" + name + "'");
    } else {
      complain("the store has no version of '" + name + "' any more; what is served stays");
    }
  }

  /// The bucket could not be listed; what was known stays.
  void listingFailed(String error) {
    complain("cannot list the versions of '" + name + "', what is served stays: " + error);
  }

  private void complain(String text) {
    if (text.equals(complaint)) {
      return;
    }
    if (text.isEmpty()) {
      log.info("the versions of '{}' can be listed again", name);
    } else {
      log.warn("{}", text);
    }
    complaint = text;
  }

  /// The versions that should be live. As long as the bucket was never seen, the choice is among
  /// those that are ready: a changed policy must not unload what serves for want of a listing.
  SortedSet<Long> wanted() {
    if (desired == null) {
      return Collections.emptySortedSet();
    }
    return desired.select(available.isEmpty() ? ready() : available);
  }

  private SortedSet<Long> ready() {
    SortedSet<Long> ready = new TreeSet<>();
    for (VersionEntry<S> entry : entries.values()) {
      if (entry.state() == VersionState.READY) {
        ready.add(entry.version());
      }
    }
    return ready;
  }

  /// The first wanted version without an entry gets one, which is returned; null if all have.
  @Nullable VersionEntry<S> addMissing(SortedSet<Long> wanted) {
    for (long version : wanted) {
      if (!entries.containsKey(version)) {
        VersionEntry<S> added = new VersionEntry<>(name, version);
        entries.put(version, added);
        return added;
      }
    }
    return null;
  }

  void remove(VersionEntry<S> entry) {
    entries.remove(entry.version());
  }

  @Nullable VersionEntry<S> entry(long version) {
    return entries.get(version);
  }

  /// A copy, in the order of versions.
  List<VersionEntry<S>> entries() {
    return List.copyOf(entries.values());
  }

  /// Nothing wanted, nothing held.
  boolean isForgotten() {
    return desired == null && entries.isEmpty();
  }

  /// Whether every wanted version has become READY or FAILED, as far as the bucket is known.
  boolean isSettled() {
    if (desired == null) {
      return true;
    }
    boolean choiceIsKnown = listed || desired.policy() instanceof VersionPolicy.Specific;
    return choiceIsKnown
        && wanted().stream().map(this::entry).allMatch(e -> e != null && isEnd(e.state()));
  }

  private static boolean isEnd(VersionState state) {
    return state == VersionState.READY || state == VersionState.FAILED;
  }

  /// What the next poll has to find out.
  Completion.Question question() {
    List<Long> failed =
        entries.values().stream()
            .filter(entry -> entry.state() == VersionState.FAILED)
            .map(VersionEntry::version)
            .toList();
    return new Completion.Question(name, failed);
  }

  TransitionPolicy.Snapshot snapshot(SortedSet<Long> wanted) {
    SortedMap<Long, VersionState> actual = new TreeMap<>();
    entries.forEach((version, entry) -> actual.put(version, entry.state()));
    return new TransitionPolicy.Snapshot(wanted, actual);
  }
}
