package io.javelin.server.pipeline;

import io.javelin.router.Shadow;
import io.javelin.server.pipeline.Telemetry.ShadowTelemetry;
import io.javelin.server.quality.ShadowComparison;
import java.util.function.Consumer;

/// One mirrored request: knows the live predictions, receives the shadow's answer, compares, and
/// throws it away. Counted exactly once as compared, dropped or failed.
final class ShadowCopy implements ReplyPort {
  private final InferRequest request;
  private final Payload payload;
  private final Shadow shadow;
  private final LivePredictions live;
  private final ShadowTelemetry counts;
  private final Consumer<Payload> forget;
  private boolean countedAsDropped;

  /// @param payload retained for this copy
  /// @param forget told once when the copy no longer keeps the payload alive
  ShadowCopy(
      InferRequest request,
      Payload payload,
      Shadow shadow,
      LivePredictions live,
      ShadowTelemetry counts,
      Consumer<Payload> forget) {
    this.request = request;
    this.payload = payload;
    this.shadow = shadow;
    this.live = live;
    this.counts = counts;
    this.forget = forget;
  }

  InferRequest request() {
    return request;
  }

  Payload payload() {
    return payload;
  }

  Shadow shadow() {
    return shadow;
  }

  /// Gives up before the copy became a call.
  void drop() {
    counts.onDropped();
    forget.accept(payload);
    payload.release();
  }

  /// Like [#drop], because the shadow cannot take the request.
  void fail() {
    counts.onFailed();
    forget.accept(payload);
    payload.release();
  }

  /// The shadow's queue is full: the refusal that follows is a drop, not a failure.
  void dropped() {
    countedAsDropped = true;
  }

  @Override
  public void answer(InferCall call, BatchOutputs outputs, int firstRow) {
    forget.accept(payload);
    ShadowComparison comparison = live.compareWith(call, outputs, firstRow);
    counts.onCompared(
        comparison.rows(), comparison.agreeingRows(), comparison.meanAbsoluteScoreDifference());
  }

  @Override
  public void refuse(InferCall call, Refusal refusal) {
    forget.accept(payload);
    if (countedAsDropped) {
      counts.onDropped();
    } else {
      counts.onFailed();
    }
  }
}
