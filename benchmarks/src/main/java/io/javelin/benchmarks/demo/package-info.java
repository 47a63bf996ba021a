/// `./javelin demo`: the server on the bundled registry with real held-out rows as traffic, and a
/// live summary of what routing, batching and the models do with them. Start at
/// [io.javelin.benchmarks.demo.DemoCommand].
///
/// Threads: one load generator per model; the summary is printed by the main thread.
@NullMarked
package io.javelin.benchmarks.demo;

import org.jspecify.annotations.NullMarked;
