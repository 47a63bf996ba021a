/// Tests of the store on a directory.
@NullMarked
package io.javelin.loader.store.file;

import org.jspecify.annotations.NullMarked;
