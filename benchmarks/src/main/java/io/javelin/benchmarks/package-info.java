/// Entry point of the load generator and the demo.
///
/// Start reading at [BenchmarksMain]. JMH benchmarks have their own entry point,
/// `org.openjdk.jmh.Main`.
@NullMarked
package io.javelin.benchmarks;

import org.jspecify.annotations.NullMarked;
