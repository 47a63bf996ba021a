package io.javelin.server.pipeline;

/// The way back to one caller. The pipeline calls exactly one of the two methods, once, on an event
/// loop or on a batch worker; neither may block or throw.
public interface ReplyPort {
  /// Sends the answer: the rows of `outputs` from `firstRow` on that belong to `call`.
  ///
  /// `outputs` is native memory that the next batch overwrites: it is copied before this returns.
  void answer(InferCall call, BatchOutputs outputs, int firstRow);

  /// Sends the reason for having no answer.
  void refuse(InferCall call, Refusal refusal);
}
