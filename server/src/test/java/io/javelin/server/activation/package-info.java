/// Tests.
@NullMarked
package io.javelin.server.activation;

import org.jspecify.annotations.NullMarked;
