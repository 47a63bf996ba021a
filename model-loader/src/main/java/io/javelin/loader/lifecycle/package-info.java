/// Which versions are live, and how they get there and leave again.
///
/// Read [io.javelin.loader.lifecycle.ModelReconciler] first: one step compares the desired state
/// with the actual one and takes at most one action. [io.javelin.loader.lifecycle.VersionPolicy]
/// says which versions are desired, [io.javelin.loader.lifecycle.TransitionPolicy] in which order
/// to get there, [io.javelin.loader.lifecycle.ServingSet] is what requests see.
///
/// ```
///   NEW -> RESERVED -> FETCHING -> VERIFIED -> LOADING -> WARMING -> READY -> DRAINING -> UNLOADING -> GONE
///    |        |            |           |          |          |
///    |        |            +-----------+----------+----------+-- no longer desired --> UNLOADING
///    +--------+-- no longer desired --> GONE
///
///   any state before READY -- failure --> FAILED -- back-off over, or files changed --> NEW
///                                         FAILED -- no longer desired --> GONE
/// ```
///
/// Order of publication: READY is told after the version can be leased, DRAINING before it no
/// longer can. `UNLOADING` frees whatever the version holds: the servable, the fetched files, or
/// both.
///
/// Threads: the reconciler owns one, `model-reconciler`, and it alone changes states. Fetching,
/// loading, warming up and unloading run on the loader pool that it is given; the results come back
/// through a queue. Requests read an immutable snapshot and count leases, without a lock. Time is
/// injected, monotonic nanoseconds, compared by difference.
@NullMarked
package io.javelin.loader.lifecycle;

import org.jspecify.annotations.NullMarked;
