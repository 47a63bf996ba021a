package io.javelin.loader.engine;

import java.lang.foreign.MemorySegment;

/// One loaded copy of a model with its own reused native memory. Used by one thread at a time
/// (hand-over between threads needs a happens-before edge); never shared by two at once.
///
/// A run: write every input's rows, one request after the other, into [#input], then [#run], then
/// read [#output]. All tensor bytes are little-endian and row-major; [DataType#BYTES] elements are
/// length-prefixed.
public interface EngineInstance extends AutoCloseable {
  ModelSignature signature();

  /// Native memory for input `index` (order of the signature) of at least `bytes` bytes. The same
  /// memory is handed out again for the next run; it grows when a larger run asks for more, which
  /// invalidates the segment handed out before and its content.
  ///
  /// @throws IllegalArgumentException when `bytes` is more than any run of this instance can take
  /// @throws IllegalStateException after [#close]
  MemorySegment input(int index, long bytes);

  /// Runs the model on what [#input] holds.
  ///
  /// @param shapes the full shape of each input in this run, batch dimension included; for a
  ///   batching model every `shapes[i][0]` is the number of rows, at most the instance's maximum
  /// @throws EngineException when the runtime refuses or fails; the instance stays usable
  /// @throws IllegalStateException after [#close], or while another thread runs it
  void run(long[][] shapes) throws EngineException;

  /// Makes the run in progress fail soon, as [#run] fails otherwise; the next run is a run like
  /// any. Without a run in progress, or in an engine whose runs cannot be stopped, it does nothing.
  /// Any thread.
  default void terminate() {}

  /// Bytes of output `index` of the last run, exactly its size; valid until the next run. For
  /// [DataType#BYTES] the length-prefixed encoding.
  ///
  /// @throws IllegalStateException when the last run failed, before the first, or after [#close]
  MemorySegment output(int index);

  /// Full shape of output `index` of the last run. The array belongs to the instance and is reused:
  /// read it, do not keep or change it.
  long[] outputShape(int index);

  /// Releases native memory. Must not race with [#run]. A second call does nothing.
  @Override
  void close();
}
