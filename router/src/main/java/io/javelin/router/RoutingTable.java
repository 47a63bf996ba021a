package io.javelin.router;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Immutable routing of all models: one request reads one table from start to end.
///
/// [RoutingTableCompiler] makes it, [LiveRouting] holds the one in force. Safe from any thread.
public final class RoutingTable {
  private final long generation;
  private final Map<String, Experiment> byModel;
  private final PlainRoutes plainRoutes;
  private final Map<String, BucketHasher> hasherByShadow;
  private final Function<String, BucketHasher> hashers;
  private final RoutingHistory history;

  /// Everything that the compiler worked out, and the hash it used.
  record Parts(
      Map<String, Experiment> byModel,
      Map<String, BucketHasher> hasherByShadow,
      Function<String, BucketHasher> hashers,
      RoutingHistory history) {}

  RoutingTable(long generation, Parts parts) {
    this.generation = generation;
    byModel = Map.copyOf(parts.byModel());
    plainRoutes = new PlainRoutes(generation);
    hasherByShadow = Map.copyOf(parts.hasherByShadow());
    hashers = parts.hashers();
    history = parts.history();
  }

  /// A table without experiments.
  public static RoutingTable empty(long generation) {
    return new RoutingTable(
        generation, new Parts(Map.of(), Map.of(), BucketHasher::sha256, RoutingHistory.NONE));
  }

  /// Number of the configuration that the table was compiled from.
  public long generation() {
    return generation;
  }

  /// Decides for one request. `userId` null or invalid = the default variant with `NO_UNIT`. Safe
  /// from any thread; takes no lock. The same id gets the same variant from every table that was
  /// compiled from the same specs, on every machine.
  public RouteDecision route(String model, @Nullable String userId) {
    Experiment experiment = byModel.get(model);
    return experiment == null ? plainRoutes.of(model) : experiment.decide(userId);
  }

  /// Whether the request with this key (request id, else user id) is mirrored to `shadow`.
  ///
  /// A sample without chance: the same key is mirrored again, and a larger share holds all of a
  /// smaller one. A key that is no valid unit is mirrored only at 100 %.
  ///
  /// @param shadow one of the `shadows` of a decision of this table
  public boolean mirrors(Shadow shadow, String key) {
    int sample = shadow.sampleBasisPoints();
    if (sample <= 0) {
      return false;
    }
    if (sample >= BucketHasher.BUCKETS) {
      return true;
    }
    BucketHasher known = hasherByShadow.get(shadow.name());
    BucketHasher hasher = known != null ? known : hashers.apply(Salt.ofShadow(shadow.name()));
    int bucket = hasher.bucket(key);
    return bucket != BucketHasher.NO_UNIT && bucket < sample;
  }

  /// The compiled route of `model`, for the admin API.
  public Optional<CompiledRoute> find(String model) {
    return Optional.ofNullable(byModel.get(model)).map(Experiment::route);
  }

  RoutingHistory history() {
    return history;
  }

  /// A model's experiment after compilation, ranges included.
  ///
  /// @param tombstones buckets of removed variants, those that the spec lists and those that this
  ///   process saw go. The latter are forgotten by a restart unless they are written into the spec.
  public record CompiledRoute(
      String model,
      String experiment,
      String salt,
      String defaultVariant,
      List<Variant> variants,
      List<Shadow> shadows,
      List<BucketRange> tombstones) {

    public CompiledRoute {
      variants = List.copyOf(variants);
      shadows = List.copyOf(shadows);
      tombstones = List.copyOf(tombstones);
    }
  }
}
