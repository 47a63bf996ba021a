package io.javelin.loader.store;

import java.nio.file.Path;

/// One version's files on the local disk, complete and immutable. Whoever fetched it hands it back
/// to [ModelStore#release] when no engine uses it any more.
///
/// @param directory the version's directory; engines find their model file in it
public record ModelArtifact(String model, long version, Path directory) {}
