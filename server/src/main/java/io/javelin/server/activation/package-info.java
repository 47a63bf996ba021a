/// Brings a validated configuration into force without disturbing traffic. Start at
/// [io.javelin.server.activation.ConfigApplier].
///
/// Threads: `config-watcher` hands in new content, `model-reconciler` reports version states; the
/// applier's monitor orders the two. Requests never wait for it.
@NullMarked
package io.javelin.server.activation;

import org.jspecify.annotations.NullMarked;
