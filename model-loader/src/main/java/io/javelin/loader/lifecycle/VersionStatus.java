package io.javelin.loader.lifecycle;

import org.jspecify.annotations.Nullable;

/// A version's state for status APIs.
///
/// @param reason why it failed, a sentence for operators; null unless `FAILED`
/// @param attempt failed attempts so far
public record VersionStatus(
    String model, long version, VersionState state, @Nullable String reason, int attempt) {}
