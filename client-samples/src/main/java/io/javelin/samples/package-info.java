/// Clients to copy from.
///
/// Start reading at [PredictDigit]. Only the caller's thread and gRPC's own are used. Nothing of
/// the server may be imported, only the generated classes of the protocol.
@NullMarked
package io.javelin.samples;

import org.jspecify.annotations.NullMarked;
