package io.javelin.loader.lifecycle;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The reconciler's step: desired against actual, at most one action at a time. Not thread-safe;
/// has neither a thread nor a clock.
///
/// It decides; [VersionTransitions] carries out.
///
/// @param <S> servable
final class ReconcileLoop<S> {
  private static final Logger log = LoggerFactory.getLogger(ReconcileLoop.class);

  private final TransitionPolicy policy;
  private final LoaderProxy<S> loader;
  private final VersionTransitions<S> transitions;
  private final RetryPolicy retries;
  private final Duration pollInterval;
  private final SortedMap<String, ModelVersions<S>> models = new TreeMap<>();

  private boolean pollRequested;
  private boolean polling;
  private long nextPollNanos;

  ReconcileLoop(
      TransitionPolicy policy,
      LoaderProxy<S> loader,
      VersionTransitions<S> transitions,
      RetryPolicy retries,
      Duration pollInterval) {
    this.policy = policy;
    this.loader = loader;
    this.transitions = transitions;
    this.retries = retries;
    this.pollInterval = pollInterval;
  }

  /// Replaces the desired state and lists the bucket at the next step.
  void adopt(List<DesiredModel> desired) {
    models.values().forEach(model -> model.setDesired(null));
    for (DesiredModel model : desired) {
      models.computeIfAbsent(model.name(), ModelVersions::new).setDesired(model);
    }
    requestPoll();
  }

  void requestPoll() {
    pollRequested = true;
  }

  /// Applies finished background work, then takes at most one action.
  ///
  /// @return whether anything was done
  boolean doWork(long nowNanos) {
    boolean applied = applyFinished(nowNanos);
    return act(nowNanos) || applied;
  }

  private boolean applyFinished(long nowNanos) {
    boolean worked = false;
    for (Completion<S> done = loader.next(); done != null; done = loader.next()) {
      worked = true;
      switch (done) {
        case Completion.Polled<S> it -> polled(it);
        case Completion.Fetched<S> it -> transitions.fetched(it, isWanted(it.entry()));
        case Completion.Loaded<S> it -> transitions.loaded(it, isWanted(it.entry()));
        case Completion.Warmed<S> it -> transitions.warmed(it, isWanted(it.entry()));
        case Completion.Failed<S> it -> transitions.failed(it, nowNanos);
        case Completion.Unloaded<S> it -> remove(modelOf(it.entry()), it.entry());
      }
    }
    return worked;
  }

  private void polled(Completion.Polled<S> answer) {
    polling = false;
    for (Completion.Listing listing : answer.listings()) {
      ModelVersions<S> model = models.get(listing.model());
      if (model == null) {
        continue;
      }
      if (listing.error() != null) {
        model.listingFailed(listing.error());
        continue;
      }
      model.setAvailable(listing.versions());
      listing.fingerprints().forEach((version, print) -> compareFiles(model, version, print));
    }
  }

  /// A failed version whose files are no longer those that failed gets all its attempts again.
  private void compareFiles(ModelVersions<S> model, long version, String fingerprint) {
    VersionEntry<S> entry = model.entry(version);
    if (entry != null
        && entry.state() == VersionState.FAILED
        && !fingerprint.equals(entry.fingerprint())) {
      log.info("the files of {} changed, trying it again", entry.name());
      transitions.retryAnew(entry);
    }
  }

  private ModelVersions<S> modelOf(VersionEntry<S> entry) {
    return Objects.requireNonNull(models.get(entry.model()));
  }

  private boolean isWanted(VersionEntry<S> entry) {
    return modelOf(entry).wanted().contains(entry.version());
  }

  private void remove(ModelVersions<S> model, VersionEntry<S> entry) {
    transitions.gone(entry);
    model.remove(entry);
  }

  private boolean act(long nowNanos) {
    models.values().removeIf(ModelVersions::isForgotten);
    if (startPoll(nowNanos)) {
      return true;
    }
    for (ModelVersions<S> model : models.values()) {
      if (actOn(model, nowNanos)) {
        return true;
      }
    }
    return false;
  }

  private boolean startPoll(long nowNanos) {
    boolean due = pollRequested || nowNanos - nextPollNanos >= 0;
    if (!due || polling || models.values().stream().noneMatch(ModelVersions::isDesired)) {
      return false;
    }
    pollRequested = false;
    polling = true;
    nextPollNanos = nowNanos + pollInterval.toNanos();
    loader.poll(
        models.values().stream()
            .filter(ModelVersions::isDesired)
            .map(ModelVersions::question)
            .toList());
    return true;
  }

  private boolean actOn(ModelVersions<S> model, long nowNanos) {
    SortedSet<Long> wanted = model.wanted();
    for (VersionEntry<S> entry : model.entries()) {
      if (tidy(model, entry, wanted.contains(entry.version()), nowNanos)) {
        return true;
      }
    }
    VersionEntry<S> added = model.addMissing(wanted);
    if (added != null) {
      transitions.tell(added);
      return true;
    }
    TransitionPolicy.Action action = policy.next(model.snapshot(wanted));
    if (action == null) {
      return false;
    }
    VersionEntry<S> entry = Objects.requireNonNull(model.entry(action.version()));
    switch (action) {
      case TransitionPolicy.Action.Load load -> transitions.startLoading(entry);
      case TransitionPolicy.Action.Unload unload -> transitions.startDrain(entry, nowNanos);
    }
    return true;
  }

  /// What needs no choice: the unwanted that holds nothing goes, retries come due, drains end.
  private boolean tidy(
      ModelVersions<S> model, VersionEntry<S> entry, boolean wanted, long nowNanos) {
    VersionState state = entry.state();
    if (!wanted && (state == VersionState.NEW || state == VersionState.FAILED)) {
      remove(model, entry);
      return true;
    }
    if (state == VersionState.FAILED && mayRetry(entry) && entry.isDue(nowNanos)) {
      transitions.retry(entry);
      return true;
    }
    return state == VersionState.DRAINING && transitions.endDrain(entry, nowNanos);
  }

  private boolean mayRetry(VersionEntry<S> entry) {
    return !retries.isExhausted(entry.attempt());
  }

  /// How long nothing is due, unless something wakes the loop. `Long.MAX_VALUE` = for ever.
  long nanosUntilDue(long nowNanos) {
    boolean mayPoll = !polling && models.values().stream().anyMatch(ModelVersions::isDesired);
    long wait = mayPoll ? nextPollNanos - nowNanos : Long.MAX_VALUE;
    for (ModelVersions<S> model : models.values()) {
      for (VersionEntry<S> entry : model.entries()) {
        if (isTimed(entry)) {
          wait = Math.min(wait, entry.dueNanos() - nowNanos);
        }
      }
    }
    return Math.max(0, wait);
  }

  private boolean isTimed(VersionEntry<S> entry) {
    return entry.state() == VersionState.DRAINING
        || (entry.state() == VersionState.FAILED && mayRetry(entry));
  }

  /// Every known version.
  List<VersionStatus> statuses() {
    List<VersionStatus> statuses = new ArrayList<>();
    for (ModelVersions<S> model : models.values()) {
      model.entries().forEach(entry -> statuses.add(entry.status()));
    }
    return List.copyOf(statuses);
  }

  /// Whether every desired version is READY or FAILED.
  boolean isSettled() {
    return models.values().stream().allMatch(ModelVersions::isSettled);
  }
}
