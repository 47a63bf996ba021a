package io.javelin.server.grpc;

import org.jspecify.annotations.Nullable;

/// Where a request says who asks. Metadata wins over the parameter.
///
/// @param userIdMetadata metadata key that carries the user id
/// @param userIdParameter request parameter that carries it when the metadata lacks it
/// @param tenantMetadata metadata key that carries the tenant; null = nobody is told apart
/// @param tenantParameter request parameter that carries the tenant; null with the key
public record CallerKeys(
    String userIdMetadata,
    String userIdParameter,
    @Nullable String tenantMetadata,
    @Nullable String tenantParameter) {}
