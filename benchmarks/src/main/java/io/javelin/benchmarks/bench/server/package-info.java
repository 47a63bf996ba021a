/// The servers and loops that Javelin is compared with; each main class runs in a process of its
/// own. Start at [io.javelin.benchmarks.bench.server.EchoServer].
///
/// Threads: each class says its own.
@NullMarked
package io.javelin.benchmarks.bench.server;

import org.jspecify.annotations.NullMarked;
