/// What every engine's instances are built of: reused native memory, the guard that keeps two
/// threads apart, and the encoding of elements without a fixed size.
///
/// Start with [ReusedMemory]. Threads: [RunGuard] may be called by any; the rest belongs to the
/// thread that has the instance. May not import an engine.
@NullMarked
package io.javelin.loader.engine.instance;

import org.jspecify.annotations.NullMarked;
