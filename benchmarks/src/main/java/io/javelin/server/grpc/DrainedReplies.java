package io.javelin.server.grpc;

import io.javelin.server.pipeline.BatchOutputs;
import io.javelin.server.pipeline.InferCall;
import io.javelin.server.pipeline.Refusal;
import io.javelin.server.pipeline.ReplyPort;
import java.io.IOException;
import java.io.UncheckedIOException;

/// Encodes answers as the server does, for a transport that takes them at once.
final class DrainedReplies implements ReplyPort {
  /// More than the rest of an answer takes beside its tensor.
  static final int HEAD_BYTES = 1024;

  private final ReusedSink sink;
  private long drainedBytes;

  DrainedReplies(int tensorBytes) {
    this.sink = new ReusedSink(tensorBytes + HEAD_BYTES);
  }

  @Override
  public void answer(InferCall call, BatchOutputs outputs, int firstRow) {
    try {
      drainedBytes += new InferReply(call, outputs, firstRow).drainTo(sink.restart());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// A benchmark of refusals would measure something else.
  @Override
  public void refuse(InferCall call, Refusal refusal) {
    throw new IllegalStateException(refusal.message());
  }

  /// Bytes of all answers so far.
  long drainedBytes() {
    return drainedBytes;
  }

  /// Where the last answer is.
  ReusedSink sink() {
    return sink;
  }
}
