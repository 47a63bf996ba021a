package io.javelin.server.activation;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Which configuration is in force, for status APIs.
///
/// @param generation number of the configuration in force, 0 before the first
/// @param appliedAt null before the first
/// @param pendingGeneration 0 when nothing is pending
/// @param refusedAt null unless the newest content was refused
public record ConfigStatus(
    long generation,
    String sha256,
    @Nullable Instant appliedAt,
    long pendingGeneration,
    List<String> pendingReasons,
    @Nullable Instant refusedAt,
    List<String> refusalReasons) {}
