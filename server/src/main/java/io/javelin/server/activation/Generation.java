package io.javelin.server.activation;

import io.javelin.router.RoutingTable;
import io.javelin.server.config.ServingConfig;

/// One configuration with everything that was derived from it.
///
/// @param number starts at 1
/// @param sha256 digest of the content, lower-case hex
/// @param table routing compiled from it
record Generation(long number, String sha256, ServingConfig config, RoutingTable table) {}
