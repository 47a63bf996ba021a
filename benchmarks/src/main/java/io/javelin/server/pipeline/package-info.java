/// The benchmarks' way into the pipeline: what a batch worker runs is package-private in the
/// server, and a package of the same name reaches it without opening it for everyone.
///
/// Start at [io.javelin.server.pipeline.EchoBatch]. Not thread-safe: each benchmark thread has its
/// own.
@NullMarked
package io.javelin.server.pipeline;

import org.jspecify.annotations.NullMarked;
