/// The path of one inference request, free of any transport.
///
/// Start at [io.javelin.server.pipeline.InferencePipeline#accept]. A front decodes the wire into an
/// [io.javelin.server.pipeline.InferRequest], the pipeline routes, validates and enqueues it, and
/// [io.javelin.server.pipeline.EngineBatchRunner] answers it through its
/// [io.javelin.server.pipeline.ReplyPort].
///
/// Threads: `accept` runs on an event loop and never blocks; everything after the queue runs on the
/// batch worker of one engine instance. Tensor bytes are copied twice in all: received buffers to
/// the batch's native memory, and the engine's output to the reply.
@NullMarked
package io.javelin.server.pipeline;

import org.jspecify.annotations.NullMarked;
