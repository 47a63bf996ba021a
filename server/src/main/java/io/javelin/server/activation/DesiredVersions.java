package io.javelin.server.activation;

import io.javelin.loader.lifecycle.DesiredModel;
import io.javelin.loader.lifecycle.ServingSet;
import io.javelin.router.RouteSpec;
import io.javelin.router.Shadow;
import io.javelin.router.Variant;
import io.javelin.server.config.ModelConfig;
import io.javelin.server.config.ServingConfig;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.SortedSet;
import java.util.TreeSet;

/// Derives from configurations which versions the loader should keep. Pure.
final class DesiredVersions {
  private DesiredVersions() {}

  /// What `config` alone asks for.
  static List<DesiredModel> of(ServingConfig config) {
    return config.models().stream()
        .map(model -> new DesiredModel(model.name(), model.versions().policy(), pinned(model)))
        .toList();
  }

  /// What is needed while `next` loads and `current` still serves: both.
  static List<DesiredModel> union(ServingConfig current, ServingConfig next) {
    Map<String, DesiredModel> models = new LinkedHashMap<>();
    of(current).forEach(model -> models.put(model.name(), model));
    for (DesiredModel wanted : of(next)) {
      models.merge(wanted.name(), wanted, DesiredVersions::join);
    }
    return List.copyOf(models.values());
  }

  private static DesiredModel join(DesiredModel current, DesiredModel next) {
    NavigableSet<Long> pinned = new TreeSet<>(current.pinned());
    pinned.addAll(next.pinned());
    return new DesiredModel(next.name(), next.policy(), pinned);
  }

  /// Versions that the model's routes name; [Variant#LATEST] names none.
  static NavigableSet<Long> pinned(ModelConfig model) {
    NavigableSet<Long> versions = new TreeSet<>();
    RouteSpec routing = model.routing();
    if (routing != null) {
      routing.variants().forEach(variant -> versions.add(variant.version()));
      routing.shadows().stream().map(Shadow::version).forEach(versions::add);
    }
    versions.remove(Variant.LATEST);
    return versions;
  }

  /// What `config` still waits for, one line each; empty when all of it can be served.
  static List<String> missing(ServingConfig config, ServingSet<?> serving) {
    List<String> missing = new ArrayList<>();
    for (ModelConfig model : config.models()) {
      SortedSet<Long> ready = serving.readyVersions(model.name());
      if (ready.isEmpty()) {
        missing.add("model '%s' has no ready version".formatted(model.name()));
      }
      for (long version : pinned(model)) {
        if (!ready.contains(version)) {
          missing.add("model '%s' version %d is not ready".formatted(model.name(), version));
        }
      }
    }
    return missing;
  }
}
