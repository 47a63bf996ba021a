/// The benchmarks' way into the server: a package of the same name reaches what the server does not
/// open for everyone. Start at [io.javelin.server.SilentServerMain].
///
/// Threads: those of the server.
@NullMarked
package io.javelin.server;

import org.jspecify.annotations.NullMarked;
