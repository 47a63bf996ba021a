/// Open-loop load over gRPC, with latency counted from the intended start of each request.
///
/// Start reading at [LoadGenerator]; [LoadCommand] is the command line around it. One thread, named
/// `load-arrivals`, sends what is due; answers are recorded on the channels' event loop. Everything
/// that decides is a step that takes the time, so tests run without threads.
@NullMarked
package io.javelin.benchmarks.load;

import org.jspecify.annotations.NullMarked;
