package io.javelin.loader.lifecycle;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// Holds the current [ServingSet]. The reconciler's thread swaps it; any thread reads it.
///
/// @param <S> servable
final class LiveServing<S> {
  private volatile Snapshot<S> current = new Snapshot<>(this, Map.of());

  ServingSet<S> current() {
    return current;
  }

  void add(String model, LeasedServable<S> servable) {
    List<LeasedServable<S>> versions = new ArrayList<>(current.of(model));
    versions.add(servable);
    versions.sort(Comparator.comparingLong((LeasedServable<S> s) -> s.version()).reversed());
    swap(model, versions);
  }

  void remove(String model, LeasedServable<S> servable) {
    List<LeasedServable<S>> versions = new ArrayList<>(current.of(model));
    versions.remove(servable);
    swap(model, versions);
  }

  private void swap(String model, List<LeasedServable<S>> versions) {
    Map<String, List<LeasedServable<S>>> byModel = new HashMap<>(current.byModel);
    if (versions.isEmpty()) {
      byModel.remove(model);
    } else {
      byModel.put(model, List.copyOf(versions));
    }
    current = new Snapshot<>(this, Map.copyOf(byModel));
  }

  /// Ready versions by model, the highest first.
  private static final class Snapshot<S> implements ServingSet<S> {
    private final LiveServing<S> live;
    private final Map<String, List<LeasedServable<S>>> byModel;

    private Snapshot(LiveServing<S> live, Map<String, List<LeasedServable<S>>> byModel) {
      this.live = live;
      this.byModel = byModel;
    }

    /// A servable leaves the current snapshot before it refuses leases. So a refusal means that a
    /// newer snapshot is there, which lacks it: looking again ends, and a request that meets a
    /// switch of versions gets the new one instead of nothing.
    @Override
    public @Nullable Lease<S> lease(String model, long version) {
      Snapshot<S> snapshot = this;
      while (true) {
        LeasedServable<S> found = snapshot.find(model, version);
        if (found == null) {
          return null;
        }
        Lease<S> lease = found.tryLease();
        if (lease != null) {
          return lease;
        }
        snapshot = live.current;
      }
    }

    private @Nullable LeasedServable<S> find(String model, long version) {
      for (LeasedServable<S> servable : of(model)) {
        if (version == 0 || servable.version() == version) {
          return servable;
        }
      }
      return null;
    }

    private List<LeasedServable<S>> of(String model) {
      List<LeasedServable<S>> versions = byModel.get(model);
      return versions == null ? List.of() : versions;
    }

    @Override
    public SortedSet<Long> readyVersions(String model) {
      SortedSet<Long> versions = new TreeSet<>();
      of(model).forEach(servable -> versions.add(servable.version()));
      return Collections.unmodifiableSortedSet(versions);
    }

    @Override
    public List<String> readyModels() {
      return byModel.keySet().stream().sorted().toList();
    }
  }
}
