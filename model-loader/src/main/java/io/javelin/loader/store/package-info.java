/// Model loader: store.
@NullMarked
package io.javelin.loader.store;

import org.jspecify.annotations.NullMarked;
