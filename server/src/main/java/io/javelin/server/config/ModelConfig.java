package io.javelin.server.config;

import io.javelin.batching.BatchingConfig;
import io.javelin.loader.engine.InstanceConfig;
import io.javelin.loader.lifecycle.VersionPolicy;
import io.javelin.router.RouteSpec;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// One model as it shall be served.
///
/// @param predictions null = the prediction output is detected
/// @param routing null = no experiment: the latest ready version serves
public record ModelConfig(
    String name,
    Versions versions,
    Queue queue,
    Instances instances,
    Warmup warmup,
    @Nullable Predictions predictions,
    @Nullable RouteSpec routing) {

  /// Which versions are live, and what else they are called.
  ///
  /// @param labels label to version, in the order of the file
  public record Versions(VersionPolicy policy, Map<String, Long> labels) {}

  /// How requests wait and are joined.
  ///
  /// @param defaultTimeoutNanos how long a request without a deadline may wait; 0 = no limit
  public record Queue(BatchingConfig batching, long defaultTimeoutNanos) {}

  /// Copies of the model.
  ///
  /// @param engine `onnxruntime` or `echo`
  /// @param count copies, each with its own thread; at least 1
  /// @param each how every copy is opened
  /// @param execution where runs take place
  public record Instances(String engine, int count, InstanceConfig each, Execution execution) {}

  /// Where runs take place.
  ///
  /// @param mode `auto`, `event_loop` or `threads`
  /// @param eventLoopBoundNanos longest run on an event loop
  public record Execution(String mode, long eventLoopBoundNanos) {}

  /// Runs before a version becomes ready.
  ///
  /// @param batchSizes row counts, ascending
  /// @param iterations runs per row count; 0 = no warm-up
  /// @param requestPathNanos time for requests through the request path; 0 = none
  public record Warmup(List<Integer> batchSizes, int iterations, long requestPathNanos) {
    public Warmup {
      batchSizes = List.copyOf(batchSizes);
    }
  }

  /// Which output is the prediction that quality metrics watch.
  ///
  /// @param output tensor name, null = detected
  /// @param classLabels names of the classes in column order, empty = class indexes
  public record Predictions(@Nullable String output, List<String> classLabels) {
    public Predictions {
      classLabels = List.copyOf(classLabels);
    }
  }
}
