package io.javelin.router;

import io.javelin.router.RouteDecision.Reason;
import io.javelin.router.RoutingTable.CompiledRoute;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// One compiled experiment: decides for the requests of its model. Immutable.
///
/// The order of the questions is part of ASSIGN-1: running, unit, override, layer, bucket.
/// Decisions that depend on no bucket are made once, here.
final class Experiment {
  private final CompiledRoute route;
  private final long generation;
  private final boolean running;
  private final BucketHasher hasher;
  private final @Nullable Layer layer;
  private final Variant defaultVariant;
  private final TrafficSplit split;
  private final Map<String, RouteDecision> overrides;
  private final RouteDecision stopped;
  private final RouteDecision noUnit;
  private final RouteDecision layerExcluded;

  /// The slots of a layer that belong to the experiment.
  record Layer(BucketHasher hasher, BucketRange slots) {}

  /// How the experiment finds buckets.
  record Hashing(BucketHasher experiment, @Nullable Layer layer) {}

  Experiment(RouteSpec spec, CompiledRoute route, Hashing hashing, long generation) {
    this.route = route;
    this.generation = generation;
    running = spec.running();
    hasher = hashing.experiment();
    layer = hashing.layer();
    defaultVariant = variant(route.defaultVariant());
    split = new TrafficSplit(route.variants(), BucketSet.of(route.tombstones()));
    stopped = decide(defaultVariant, RouteDecision.NO_BUCKET, Reason.STOPPED);
    noUnit = decide(defaultVariant, RouteDecision.NO_BUCKET, Reason.NO_UNIT);
    layerExcluded = decide(defaultVariant, RouteDecision.NO_BUCKET, Reason.LAYER_EXCLUDED);
    overrides = new HashMap<>();
    spec.overrides()
        .forEach((user, name) ->
            overrides.put(user, decide(variant(name), RouteDecision.NO_BUCKET, Reason.OVERRIDE)));
  }

  CompiledRoute route() {
    return route;
  }

  RouteDecision decide(@Nullable String userId) {
    if (!running) {
      return stopped;
    }
    if (userId == null) {
      return noUnit;
    }
    // Ids on the list are valid units, so that asking here first does not change the order.
    RouteDecision override = overrides.isEmpty() ? null : overrides.get(userId);
    return override != null ? override : decideByHash(userId);
  }

  private RouteDecision decideByHash(String userId) {
    if (layer != null) {
      int layerBucket = layer.hasher().bucket(userId);
      if (layerBucket == BucketHasher.NO_UNIT) {
        return noUnit;
      }
      if (!layer.slots().contains(layerBucket)) {
        return layerExcluded;
      }
    }
    int bucket = hasher.bucket(userId);
    if (bucket == BucketHasher.NO_UNIT) {
      return noUnit;
    }
    int owner = split.ownerOf(bucket);
    return switch (owner) {
      case TrafficSplit.NOBODY -> decide(defaultVariant, bucket, Reason.NOT_ENROLLED);
      case TrafficSplit.REMOVED -> decide(defaultVariant, bucket, Reason.VARIANT_REMOVED);
      default -> decide(route.variants().get(owner), bucket, Reason.ASSIGNED);
    };
  }

  private RouteDecision decide(Variant variant, int bucket, Reason reason) {
    return new RouteDecision(
        route.model(),
        route.experiment(),
        variant.name(),
        variant.version(),
        bucket,
        reason,
        route.shadows(),
        generation);
  }

  private Variant variant(String name) {
    return route.variants().stream()
        .filter(v -> v.name().equals(name))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("variant '" + name + "' is not there"));
  }
}
