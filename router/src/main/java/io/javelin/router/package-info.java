/// Routing.
@NullMarked
package io.javelin.router;

import org.jspecify.annotations.NullMarked;
