/// Micro benchmarks of decoding, batch running and encoding. They live under the name of the
/// server's package because these steps are package-private there, and should stay so.
///
/// Start at [io.javelin.server.grpc.DecodeBenchmark]. JMH owns the threads. How to run them stands
/// in the module's README.
@NullMarked
package io.javelin.server.grpc;

import org.jspecify.annotations.NullMarked;
