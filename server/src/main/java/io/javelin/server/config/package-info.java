/// The configuration file: reading it, refusing it with every mistake at once, watching it.
///
/// Read first: [io.javelin.server.config.ConfigParser] (text to
/// [io.javelin.server.config.ServingConfig] or errors with lines), then
/// [io.javelin.server.config.ConfigWatcher]. Keys, types, ranges and defaults have one home:
/// `javelin-config.schema.json`; code adds only what a schema cannot say, the checks between
/// fields.
///
/// Threads: parsing is free of state and may run anywhere. `config-watcher` is the only thread
/// here; it owns the watcher's state and calls the listener. Environment and system properties of
/// the process are read in this package only.
@NullMarked
package io.javelin.server.config;

import org.jspecify.annotations.NullMarked;
