/// What models predict: reading a prediction out of output bytes and comparing two of them.
///
/// Start at [io.javelin.server.quality.PredictionReader]. Pure: no clock, no threads, no metrics; a
/// reader is immutable and shared, a comparison belongs to one thread.
@NullMarked
package io.javelin.server.quality;

import org.jspecify.annotations.NullMarked;
