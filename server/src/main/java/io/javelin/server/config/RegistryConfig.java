package io.javelin.server.config;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;

/// Where model versions come from, and how they are loaded.
///
/// @param url root of the bucket; absolute, relative paths are already resolved
/// @param cacheDirectory local directory for fetched versions; absolute, may not exist yet
/// @param retryBackoff wait before the second attempt to load a version
/// @param maxLoadAttempts at least 1
public record RegistryConfig(
    URI url,
    Path cacheDirectory,
    Duration pollInterval,
    int loadThreads,
    Duration retryBackoff,
    int maxLoadAttempts) {}
