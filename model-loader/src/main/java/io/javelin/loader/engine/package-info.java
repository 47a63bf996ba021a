/// Model loader: engine.
@NullMarked
package io.javelin.loader.engine;

import org.jspecify.annotations.NullMarked;
