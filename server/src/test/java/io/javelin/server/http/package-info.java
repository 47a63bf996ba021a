/// Tests.
@NullMarked
package io.javelin.server.http;

import org.jspecify.annotations.NullMarked;
