/// The start of a server: its AOT cache, and how long it takes.
///
/// [TrainingRun] makes the cache (the launcher calls it after a build), [StartBenchmark] measures
/// starts with and without it. Both start the real server in a process of its own ([ServerProcess])
/// on the demo registry and ask it through its ports ([DemoClient]).
///
/// Threads: everything here runs on the main thread.
@NullMarked
package io.javelin.benchmarks.start;

import org.jspecify.annotations.NullMarked;
