package io.javelin.server.config;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// One whole, valid configuration. Immutable; everything is filled in, defaults included.
///
/// @param tenants null = nobody is told apart
/// @param tracing null = tracing is off
/// @param models in the order of the file, at least one
public record ServingConfig(
    ServerConfig server,
    RegistryConfig registry,
    UserIdConfig userId,
    @Nullable TenantsConfig tenants,
    @Nullable TracingConfig tracing,
    List<ModelConfig> models) {

  public ServingConfig {
    models = List.copyOf(models);
  }
}
