package io.javelin.server.pipeline;

import io.javelin.batching.BatchingConfig.CostBound;
import io.javelin.batching.QueueingConfig;
import io.javelin.batching.QueueingConfig.Policy;
import io.javelin.batching.QueueingConfig.TimeoutAction;
import io.javelin.loader.engine.EngineException;
import io.javelin.loader.engine.ModelSignature;
import io.javelin.loader.engine.TensorSpec;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// Decides where and how long a bound call waits: priority level, time-out, cost. Pure.
final class QueuePlacement {
  private QueuePlacement() {}

  static void place(InferCall call, ModelRuntime runtime) {
    RuntimeSettings settings = runtime.settings();
    QueueingConfig queueing = settings.batching().queueing();
    int level = queueing.levelFor(call.request().parameters().priority());
    call.priorityLevel(level);
    Policy policy = queueing.policy(level);
    long configured =
        queueing.levels().size() == 1 ? settings.queueTimeoutNanos() : policy.timeoutNanos();
    long timeoutNanos = timeoutNanos(call.request(), policy, configured);
    if (timeoutNanos > 0) {
      if (policy.timeoutAction() == TimeoutAction.DELAY) {
        call.delayAfter(timeoutNanos);
      } else {
        call.limitQueueTime(timeoutNanos);
      }
    }
    CostBound bound = settings.batching().costBound();
    if (bound != null) {
      call.cost(cost(call, bound, runtime.signature()));
    }
  }

  private static long timeoutNanos(InferRequest request, Policy policy, long configured) {
    // Saturates: a time-out without end must not wrap around to none or to a moment.
    long asked = TimeUnit.MICROSECONDS.toNanos(request.parameters().timeoutMicros());
    boolean counts = policy.timeoutOverride() && asked > 0;
    return counts && (configured == 0 || asked < configured) ? asked : configured;
  }

  private static long cost(InferCall call, CostBound bound, ModelSignature signature) {
    List<TensorSpec> inputs = signature.inputs();
    for (int i = 0; i < inputs.size(); i++) {
      if (inputs.get(i).name().equals(bound.input())) {
        long[] shape = call.binding().shapes()[i];
        long each = bound.dimension() < shape.length ? Math.max(1, shape[bound.dimension()]) : 1;
        return each > Long.MAX_VALUE / call.rows() ? Long.MAX_VALUE : call.rows() * each;
      }
    }
    return call.rows();
  }

  /// Refuses a bound whose input or dimension the model does not have.
  static void check(CostBound bound, ModelSignature signature) throws EngineException {
    for (TensorSpec input : signature.inputs()) {
      if (input.name().equals(bound.input()) && bound.dimension() < input.shape().size()) {
        return;
      }
    }
    throw new EngineException(
        "max_batch_cost: expected an input '%s' with a dimension %d, got inputs %s"
            .formatted(bound.input(), bound.dimension(), signature.inputs()));
  }
}
