/// Tests.
@NullMarked
package io.javelin.server.grpc;

import org.jspecify.annotations.NullMarked;
