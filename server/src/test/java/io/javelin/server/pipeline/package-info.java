/// Tests.
@NullMarked
package io.javelin.server.pipeline;

import org.jspecify.annotations.NullMarked;
