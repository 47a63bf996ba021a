/// Micro benchmarks of single steps of the request path, one class for each module's main type.
///
/// Start reading at [RoutingBenchmark]. Run by `org.openjdk.jmh.Main`; JMH owns the threads. How to
/// run them and how far to trust them stands in the module's README.
@NullMarked
package io.javelin.benchmarks.jmh;

import org.jspecify.annotations.NullMarked;
