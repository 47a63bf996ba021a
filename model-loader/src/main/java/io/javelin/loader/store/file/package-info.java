/// The store on a directory: a local disk, a mounted volume, a network file system.
///
/// Read [io.javelin.loader.store.file.FileModelStore] first.
///
/// Threads: owns none; thread-safe, blocking.
@NullMarked
package io.javelin.loader.store.file;

import org.jspecify.annotations.NullMarked;
