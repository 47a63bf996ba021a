/// The load client of the benchmarks: one event loop, one connection, requests serialised before,
/// answers not parsed. Leaner and blinder than `io.javelin.benchmarks.load`, because it shares the
/// cores with the server that it measures. Start at
/// [io.javelin.benchmarks.bench.client.LeanClient].
///
/// Threads: everything of a running slice is confined to the event loop of its client.
@NullMarked
package io.javelin.benchmarks.bench.client;

import org.jspecify.annotations.NullMarked;
