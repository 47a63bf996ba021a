/// The servers of a benchmark as processes of their own, and what they use. Start at
/// [io.javelin.benchmarks.bench.process.ServerUnderTest].
///
/// Threads: none of its own; not thread-safe. Every process ends with the benchmark, also when that
/// is interrupted.
@NullMarked
package io.javelin.benchmarks.bench.process;

import org.jspecify.annotations.NullMarked;
