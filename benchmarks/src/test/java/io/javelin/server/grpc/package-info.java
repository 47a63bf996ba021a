/// Tests that the benchmarks do the work they claim to measure.
@NullMarked
package io.javelin.server.grpc;

import org.jspecify.annotations.NullMarked;
