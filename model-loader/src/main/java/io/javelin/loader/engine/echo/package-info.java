/// An engine without native code, for tests of whatever stands above the engine seam and for
/// benchmarks that must not measure inference.
///
/// Start with [EchoEngine], whose documentation has the file format. Threads: as in the parent
/// package.
@NullMarked
package io.javelin.loader.engine.echo;

import org.jspecify.annotations.NullMarked;
