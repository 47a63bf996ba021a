package io.javelin.server.config;

/// Where a request carries its user id.
///
/// @param metadata gRPC metadata key, lower case; wins over the parameter
/// @param parameter name of the inference request parameter
public record UserIdConfig(String metadata, String parameter) {}
