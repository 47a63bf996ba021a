/// Tests of the store: the contract that every store passes, and a store in memory.
@NullMarked
package io.javelin.loader.store;

import org.jspecify.annotations.NullMarked;
