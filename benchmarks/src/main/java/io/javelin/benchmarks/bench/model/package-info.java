/// The models that benchmarks serve, written as ONNX files with random weights, and requests for
/// them. Start at [io.javelin.benchmarks.bench.model.BenchModel].
///
/// Threads: none. Sees protobuf and the protocol's classes, no other package of the benchmarks.
@NullMarked
package io.javelin.benchmarks.bench.model;

import org.jspecify.annotations.NullMarked;
