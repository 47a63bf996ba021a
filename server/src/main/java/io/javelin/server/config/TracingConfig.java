package io.javelin.server.config;

import java.net.URI;

/// Where traces go, and how many.
///
/// @param otlpEndpoint collector that takes OTLP over gRPC
/// @param sampleRatio share of requests without a sampled parent that are traced, 0 to 1
public record TracingConfig(URI otlpEndpoint, double sampleRatio) {}
