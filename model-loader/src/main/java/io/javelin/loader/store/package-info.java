/// Where model versions come from and how they reach the local disk.
///
/// Read [io.javelin.loader.store.ModelStore] first: the seam every registry implements.
/// [io.javelin.loader.store.StoreOpener] picks the implementation by URI scheme;
/// [io.javelin.loader.store.TritonLayout] holds the naming rules that all of them share;
/// [io.javelin.loader.store.ArtifactCache] turns fetched files into an immutable local copy.
///
/// Why a copy: ONNX Runtime maps external weights into memory. A file that is overwritten in place
/// under a loaded session changes answers silently, a truncated one kills the process. So no engine
/// ever opens a file that somebody else can write.
///
/// Threads: no type here owns one. Stores are thread-safe and block, so they are called on loader
/// threads only. This package knows neither engines nor the lifecycle.
@NullMarked
package io.javelin.loader.store;

import org.jspecify.annotations.NullMarked;
