/// The HTTP front: health for probes and people, and the metrics page. Start at
/// [io.javelin.server.http.HttpFront].
///
/// Threads: one event loop of its own (`http`), so that building a large metrics page never delays
/// a prediction.
@NullMarked
package io.javelin.server.http;

import org.jspecify.annotations.NullMarked;
