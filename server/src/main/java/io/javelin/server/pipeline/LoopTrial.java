package io.javelin.server.pipeline;

import io.javelin.batching.BatchingConfig;
import io.javelin.batching.ServiceTimeModel;
import io.javelin.loader.engine.EngineException;
import io.javelin.loader.engine.EngineInstance;
import io.javelin.loader.engine.InstanceConfig;
import io.javelin.loader.engine.ModelSignature;
import io.javelin.server.pipeline.EngineBatchRunner.RunContext;
import io.javelin.server.pipeline.ModelRuntime.Parts;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Finds out, before a version is ready, whether its runs are short enough for event loops, and
/// opens their lane if so. Blocks: for loader threads only.
final class LoopTrial {
  private static final Logger LOG = LoggerFactory.getLogger(LoopTrial.class);

  private final Parts parts;
  private final RunTimesProbe probe;
  private final ServiceTimeModel times;

  /// @param times learns what the probe measures
  LoopTrial(Parts parts, RunTimesProbe probe, ServiceTimeModel times) {
    this.parts = parts;
    this.probe = probe;
    this.times = times;
  }

  /// The lane of the loops, or null for a version that had better not have one.
  ///
  /// @param idle an instance that nothing else uses yet
  @Nullable LoopLane run(EngineInstance idle, RunContext context, BatchingConfig batching) {
    try {
      if (!mayUseLoops(context.signature())) {
        return null;
      }
      probe.measure(idle, batching.maxBatchRows(), times);
      long bound = parts.settings().instances().execution().loopBoundNanos();
      return times.estimateNanos(1) <= bound ? open(context, batching) : null;
    } catch (EngineException e) {
      // Whether a version that refuses zeros may serve is for the warm-up to say.
      LOG.info("'{}' cannot be measured: {}", context.model(), e.getMessage());
      return null;
    }
  }

  private boolean mayUseLoops(ModelSignature signature) throws EngineException {
    RuntimeSettings.Instances instances = parts.settings().instances();
    return parts.surroundings().loops().count() > 0
        && instances.execution().mode() != Execution.Mode.THREADS
        // A run on another device waits for it, and a loop must not wait.
        && instances.each().provider() == InstanceConfig.Provider.CPU
        && hasSteadyRunTime(signature);
  }

  /// Whether rows of zeros tell what any rows cost. A dynamic dimension, texts, or a loop in the
  /// graph make that the callers' choice.
  private boolean hasSteadyRunTime(ModelSignature signature) throws EngineException {
    int first = signature.batching() ? 1 : 0;
    return signature.inputs().stream()
            .allMatch(input ->
                input.type().isFixedSize()
                    && input.shape().stream().skip(first).allMatch(size -> size >= 0))
        && !parts.engine().runsLoops(parts.artifact());
  }

  private LoopLane open(RunContext context, BatchingConfig batching) throws EngineException {
    RequestLoops loops = parts.surroundings().loops();
    List<EngineInstance> instances =
        Lane.openInstances(parts.engine(), parts.artifact(), parts.settings(), loops.count());
    try {
      for (EngineInstance instance : instances) {
        probe.warm(instance, batching.maxBatchRows());
      }
    } catch (EngineException | RuntimeException e) {
      instances.forEach(EngineInstance::close);
      throw e;
    }
    Lane.Listener listener = new Lane.Listener(context.outcomes(), parts.telemetry());
    return LoopLane.start(loops, instances, context, batching, listener, parts.nanoClock());
  }
}
