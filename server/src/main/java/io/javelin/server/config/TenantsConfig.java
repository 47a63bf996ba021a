package io.javelin.server.config;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Fair share and quotas per tenant.
///
/// @param metadata gRPC metadata key of the tenant id, lower case; wins over the parameter
/// @param parameter name of the inference request parameter
/// @param maxTracked most tenants told apart at a time
/// @param maxQueueSharePercent most of a queue that one tenant may hold while others wait
/// @param quota of each tenant without one of its own; null = unlimited
/// @param quotas by tenant id
public record TenantsConfig(
    String metadata,
    String parameter,
    int maxTracked,
    int maxQueueSharePercent,
    @Nullable Quota quota,
    Map<String, Quota> quotas) {

  public TenantsConfig {
    quotas = Map.copyOf(quotas);
  }

  /// A token bucket.
  ///
  /// @param burst at least 1
  public record Quota(double requestsPerSecond, int burst) {}
}
