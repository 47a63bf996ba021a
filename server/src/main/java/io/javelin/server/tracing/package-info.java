/// Tracing: one span per request, with children for its stages, through OpenTelemetry.
///
/// Start at [io.javelin.server.tracing.OtelRequestTracer]. Spans are made on the thread that calls;
/// one daemon thread of the SDK exports them in batches and drops what does not fit its queue.
@NullMarked
package io.javelin.server.tracing;

import org.jspecify.annotations.NullMarked;
