package io.javelin.router;

import java.util.HashMap;
import java.util.Map;

/// What every experiment has owned under every salt since the process started. Immutable; a table
/// carries it, so that the next one can be compared with all before it and not only with the last.
///
/// It grows by one entry per experiment and salt, that is with the number of configuration changes,
/// never with traffic.
final class RoutingHistory {
  static final RoutingHistory NONE = new RoutingHistory(Map.of());

  private final Map<Key, BucketOwnership> byKey;

  private record Key(String experiment, String salt) {}

  private RoutingHistory(Map<Key, BucketOwnership> byKey) {
    this.byKey = byKey;
  }

  BucketOwnership of(RouteSpec spec) {
    return byKey.getOrDefault(keyOf(spec), BucketOwnership.NONE);
  }

  /// This history with the given ones in place of what it had of the same experiments.
  RoutingHistory with(Map<RouteSpec, BucketOwnership> changed) {
    Map<Key, BucketOwnership> after = new HashMap<>(byKey);
    changed.forEach((spec, ownership) -> after.put(keyOf(spec), ownership));
    return new RoutingHistory(after);
  }

  private static Key keyOf(RouteSpec spec) {
    return new Key(spec.experiment(), spec.salt());
  }
}
