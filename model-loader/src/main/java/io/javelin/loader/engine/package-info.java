/// Engines: what opens a model file and runs it. Knows no batching, no request and no version
/// lifecycle.
///
/// Start with [Engine], then [EngineInstance]: the whole life of a run is three calls.
/// Implementations live in sub-packages, pass one contract test, and only their `Engine` is public.
///
/// Threads: an [Engine] is opened on loader threads and may block there; an [EngineInstance]
/// belongs to one thread at a time. Nothing here creates a thread.
@NullMarked
package io.javelin.loader.engine;

import org.jspecify.annotations.NullMarked;
