/// Tests of the lifecycle. Read `ReconcilerFixture` first: clock, executor, store and servables are
/// moved by hand.
@NullMarked
package io.javelin.loader.lifecycle;

import org.jspecify.annotations.NullMarked;
