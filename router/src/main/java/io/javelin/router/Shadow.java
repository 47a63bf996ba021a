package io.javelin.router;

/// A version that receives a copy of the traffic; its answers are compared and dropped.
///
/// @param name label of the shadow in metrics
/// @param version model version that runs the copies
/// @param sampleBasisPoints share of requests that are mirrored, 0 to 10,000
public record Shadow(String name, long version, int sampleBasisPoints) {}
