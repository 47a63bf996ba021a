package io.javelin.loader.store;

import java.nio.file.Path;

/// One version's files on the local disk, complete and immutable.
///
/// @param directory the version's directory; engines find their model file in it
public record ModelArtifact(String model, long version, Path directory) {}
