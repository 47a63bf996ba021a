package io.javelin.benchmarks.load;

import io.grpc.Drainable;
import io.grpc.KnownLength;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;

/// A message that was serialised before. Lets gRPC copy the bytes straight into its frame; without
/// it a copy buffer is made per call. Used once.
public final class PreparedBytes extends ByteArrayInputStream implements Drainable, KnownLength {
  /// @param bytes not copied
  public PreparedBytes(byte[] bytes) {
    super(bytes);
  }

  @Override
  public synchronized int drainTo(OutputStream target) throws IOException {
    int length = count - pos;
    target.write(buf, pos, length);
    pos = count;
    return length;
  }
}
