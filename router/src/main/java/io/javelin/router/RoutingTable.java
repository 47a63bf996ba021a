package io.javelin.router;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Immutable routing of all models: one request reads one table from start to end.
///
/// CONTRACT SKETCH (signatures are fixed, bodies to be written).
public final class RoutingTable {
  private RoutingTable() {}

  /// A table without experiments.
  public static RoutingTable empty(long generation) {
    throw new UnsupportedOperationException();
  }

  public long generation() {
    throw new UnsupportedOperationException();
  }

  /// Decides for one request. `userId` null or invalid = the default variant with `NO_UNIT`.
  /// Safe from any thread; takes no lock.
  public RouteDecision route(String model, @Nullable String userId) {
    throw new UnsupportedOperationException();
  }

  /// Whether the request with this key (request id, else user id) is mirrored to `shadow`.
  public boolean mirrors(Shadow shadow, String key) {
    throw new UnsupportedOperationException();
  }

  /// The compiled route of `model`, for the admin API.
  public Optional<CompiledRoute> find(String model) {
    throw new UnsupportedOperationException();
  }

  /// A model's experiment after compilation, ranges included.
  public record CompiledRoute(
      String model,
      String experiment,
      String salt,
      String defaultVariant,
      java.util.List<Variant> variants,
      java.util.List<Shadow> shadows) {}
}
