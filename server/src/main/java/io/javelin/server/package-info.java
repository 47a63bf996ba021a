/// The composition root. Start at [io.javelin.server.ServerMain], then [io.javelin.server.Wiring],
/// the only place where modules meet.
@NullMarked
package io.javelin.server;

import org.jspecify.annotations.NullMarked;
