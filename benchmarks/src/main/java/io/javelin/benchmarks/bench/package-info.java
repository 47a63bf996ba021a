/// `./javelin bench`: benchmarks that print ratios. Servers run side by side as processes of their
/// own and are loaded in turn, round by round, because a machine drifts by more than the difference
/// that is looked for. Start at [io.javelin.benchmarks.bench.BenchCommand] and
/// [io.javelin.benchmarks.bench.FloorBenchmark].
///
/// Threads: the main thread does everything but the sending, which is the event loop of a
/// [io.javelin.benchmarks.bench.client.LeanClient].
@NullMarked
package io.javelin.benchmarks.bench;

import org.jspecify.annotations.NullMarked;
