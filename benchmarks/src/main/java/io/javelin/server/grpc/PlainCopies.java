package io.javelin.server.grpc;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.stream.Stream;

/// The copies that a batch cannot do without, with no server around them: each request's bytes to
/// the batch, the batch through the model, each answer out. Not thread-safe.
public final class PlainCopies {
  private final Arena arena = Arena.ofAuto();
  private final int bytes;
  private final List<MemorySegment> received;
  private final MemorySegment input;
  private final MemorySegment output;
  private final MemorySegment sent;

  PlainCopies(int requests, int bytes) {
    this.bytes = bytes;
    this.received = Stream.generate(() -> arena.allocate(bytes)).limit(requests).toList();
    this.input = arena.allocate((long) bytes * requests);
    this.output = arena.allocate((long) bytes * requests);
    this.sent = arena.allocate(bytes);
  }

  PlainCopies copy() {
    long at = 0;
    for (int i = 0; i < received.size(); i++) {
      MemorySegment.copy(received.get(i), 0, input, at, bytes);
      at += bytes;
    }
    MemorySegment.copy(input, 0, output, 0, at);
    for (long from = 0; from < at; from += bytes) {
      MemorySegment.copy(output, from, sent, 0, bytes);
    }
    return this;
  }
}
