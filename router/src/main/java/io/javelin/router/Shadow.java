package io.javelin.router;

/// A version that receives a copy of the traffic; its answers are compared and dropped.
///
/// It holds what an operator wrote: [RoutingTableCompiler] checks the values, so that it can report
/// a mistake here together with all others. A shadow of a compiled table is valid.
///
/// @param name label of the shadow in metrics, unique in its model, and the seed of its sample
/// @param version model version that runs the copies, or [Variant#LATEST]
/// @param sampleBasisPoints share of requests that are mirrored, 0 to 10,000
public record Shadow(String name, long version, int sampleBasisPoints) {}
