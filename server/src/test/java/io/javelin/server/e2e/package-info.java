/// End-to-end tests: the real server on real ports, the demo models, a real gRPC client. Start at
/// [io.javelin.server.e2e.DemoServer].
@NullMarked
package io.javelin.server.e2e;

import org.jspecify.annotations.NullMarked;
