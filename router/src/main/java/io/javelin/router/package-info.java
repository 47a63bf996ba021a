/// Deterministic assignment of users to the variants of an experiment.
///
/// Start reading at [io.javelin.router.RoutingTable#route], then [io.javelin.router.RouteSpec] and
/// [io.javelin.router.RoutingTableCompiler] for how an operator's words become a table.
///
/// The scheme is called ASSIGN-1. A user's bucket is `floor(h * 10000 / 2^64)`, where `h` is the
/// first eight bytes, big-endian, of `SHA-256(salt ":" user id)` in UTF-8. Each treatment owns a
/// fixed home of buckets and is active on the first `weight` of them, so that a change of weights
/// moves users between a treatment and the default variant only, never between two treatments.
///
/// Threads: everything here is immutable except [io.javelin.router.LiveRouting], whose one field is
/// volatile. Nothing starts a thread, takes a lock, or reads a clock; any thread may call anything.
///
/// Do not replace the hash by a faster one without reading why it is this one: FNV gives correlated
/// buckets under different salts, MurmurHash and xxHash can be inverted (a client could choose an
/// id that lands in a wanted variant) and exist in variants that disagree.
@NullMarked
package io.javelin.router;

import org.jspecify.annotations.NullMarked;
