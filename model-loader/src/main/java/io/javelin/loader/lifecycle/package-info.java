/// Model loader: lifecycle.
@NullMarked
package io.javelin.loader.lifecycle;

import org.jspecify.annotations.NullMarked;
