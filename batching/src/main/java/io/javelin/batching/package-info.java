/// Micro-batching.
@NullMarked
package io.javelin.batching;

import org.jspecify.annotations.NullMarked;
