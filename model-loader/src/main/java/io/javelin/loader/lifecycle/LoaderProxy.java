package io.javelin.loader.lifecycle;

import io.javelin.loader.engine.EngineException;
import io.javelin.loader.store.ModelArtifact;
import io.javelin.loader.store.ModelStore;
import java.io.IOException;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Takes slow work to the loader pool and its results back to the reconciler.
///
/// Every piece of work ends in exactly one [Completion], whatever is thrown. What is in the queue
/// is bounded by one piece of work per version and one poll. Work never reads a [VersionEntry]:
/// what it needs is handed over as arguments.
///
/// @param <S> servable
final class LoaderProxy<S> {
  private static final Logger log = LoggerFactory.getLogger(LoaderProxy.class);

  private final ModelStore store;
  private final ServableFactory<S> factory;
  private final Executor pool;
  private final Runnable wake;
  private final ConcurrentLinkedQueue<Completion<S>> finished = new ConcurrentLinkedQueue<>();
  private volatile boolean stopped;

  /// Calls `wake` on the pool's thread whenever a result is there.
  LoaderProxy(ModelStore store, ServableFactory<S> factory, Executor pool, Runnable wake) {
    this.store = store;
    this.factory = factory;
    this.pool = pool;
    this.wake = wake;
  }

  /// The next result; null when there is none now. Reconciler's thread.
  @Nullable Completion<S> next() {
    return finished.poll();
  }

  /// No result will be taken any more: those that are there or come later are freed where they are.
  void stop() {
    stopped = true;
    disposeFinished();
  }

  void poll(List<Completion.Question> questions) {
    submit(() -> post(new Completion.Polled<>(questions.stream().map(this::ask).toList())));
  }

  private Completion.Listing ask(Completion.Question question) {
    String model = question.model();
    try {
      SortedSet<Long> versions = store.listVersions(model);
      Map<Long, String> fingerprints = new TreeMap<>();
      for (long version : question.failedVersions()) {
        fingerprints.put(version, store.fingerprint(model, version));
      }
      return new Completion.Listing(model, versions, fingerprints, null);
    } catch (Throwable e) {
      return new Completion.Listing(model, Collections.emptySortedSet(), Map.of(), messageOf(e));
    }
  }

  void fetch(VersionEntry<S> entry) {
    submit(() -> {
      String fingerprint = null;
      try {
        fingerprint = store.fingerprint(entry.model(), entry.version());
        ModelArtifact artifact = store.fetch(entry.model(), entry.version());
        post(new Completion.Fetched<>(entry, artifact, fingerprint));
      } catch (Throwable e) {
        postFailure(entry, "fetch", e, fingerprint);
      }
    });
  }

  void load(VersionEntry<S> entry, ModelArtifact artifact, @Nullable String fingerprint) {
    submit(() -> {
      S servable;
      try {
        servable = factory.load(artifact);
      } catch (Throwable e) {
        release(artifact);
        postFailure(entry, "load", e, fingerprint);
        return;
      }
      post(new Completion.Loaded<>(entry, artifact, servable));
    });
  }

  void warmUp(
      VersionEntry<S> entry, ModelArtifact artifact, S servable, @Nullable String fingerprint) {
    submit(() -> {
      try {
        factory.warmUp(servable);
      } catch (Throwable e) {
        free(servable, artifact);
        postFailure(entry, "warm up", e, fingerprint);
        return;
      }
      post(new Completion.Warmed<>(entry, artifact, servable));
    });
  }

  /// @param servable null if none was loaded yet
  void unload(VersionEntry<S> entry, @Nullable S servable, @Nullable ModelArtifact artifact) {
    submit(() -> {
      free(servable, artifact);
      post(new Completion.Unloaded<>(entry));
    });
  }

  /// A pool that refuses is shutting down or full; the work is done here then, late but surely, for
  /// otherwise native memory would leak.
  private void submit(Runnable work) {
    try {
      pool.execute(work);
    } catch (RejectedExecutionException e) {
      log.warn(
          "the loader pool refuses work, doing it on the reconciler's thread: {}", e.toString());
      work.run();
    }
  }

  private void postFailure(
      VersionEntry<S> entry, String phase, Throwable failure, @Nullable String fingerprint) {
    log.debug("{} failed to {}", entry.name(), phase, failure);
    post(new Completion.Failed<>(entry, phase, messageOf(failure), fingerprint));
  }

  private void post(Completion<S> completion) {
    finished.add(completion);
    if (stopped) {
      disposeFinished();
    } else {
      wake.run();
    }
  }

  private void disposeFinished() {
    for (Completion<S> late = finished.poll(); late != null; late = finished.poll()) {
      switch (late) {
        case Completion.Fetched<S> it -> free(null, it.artifact());
        case Completion.Loaded<S> it -> free(it.servable(), it.artifact());
        case Completion.Warmed<S> it -> free(it.servable(), it.artifact());
        case Completion.Polled<S> nothing -> {}
        case Completion.Failed<S> nothing -> {}
        case Completion.Unloaded<S> nothing -> {}
      }
    }
  }

  private void free(@Nullable S servable, @Nullable ModelArtifact artifact) {
    if (servable != null) {
      try {
        factory.unload(servable);
      } catch (Throwable e) {
        log.warn("unloading {} failed: {}", artifact, messageOf(e), e);
      }
    }
    if (artifact != null) {
      release(artifact);
    }
  }

  private void release(ModelArtifact artifact) {
    try {
      store.release(artifact);
    } catch (IOException | RuntimeException e) {
      log.warn("cannot remove {}: {}", artifact.directory(), messageOf(e));
    }
  }

  /// What the engine said, as it said it; other exceptions with their name, because the message of
  /// many is a bare path or nothing.
  private static String messageOf(Throwable failure) {
    String message = failure.getMessage();
    boolean speaksForItself = failure instanceof EngineException || isPlainIo(failure);
    return speaksForItself && message != null ? message : failure.toString();
  }

  private static boolean isPlainIo(Throwable failure) {
    return failure.getClass() == IOException.class;
  }
}
