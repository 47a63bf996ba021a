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
  /// @param requests what is done with a request besides batching
  public record Queue(BatchingConfig batching, long defaultTimeoutNanos, Requests requests) {
    /// A queue of requests that are only batched.
    public Queue(BatchingConfig batching, long defaultTimeoutNanos) {
      this(batching, defaultTimeoutNanos, Requests.PLAIN);
    }
  }

  /// What is done with a request besides batching.
  ///
  /// @param cache null = answers are not kept
  /// @param splitting whether a request larger than a batch runs in parts
  /// @param deterministic whether every run has the same shape
  /// @param padding null = lengths are not padded
  public record Requests(
      @Nullable ResponseCache cache,
      boolean splitting,
      boolean deterministic,
      @Nullable Padding padding) {
    /// Requests that are only batched.
    public static final Requests PLAIN = new Requests(null, false, false, null);
  }

  /// How requests of different lengths are brought to common ones.
  ///
  /// @param inputs padded inputs
  /// @param buckets lengths, ascending
  /// @param maskInput generated input, null = none
  /// @param outputs outputs that are cut back; their pad value means nothing
  /// @param refusesLonger whether a request longer than the last bucket is refused
  public record Padding(
      List<PaddedTensor> inputs,
      List<Integer> buckets,
      @Nullable String maskInput,
      List<PaddedTensor> outputs,
      boolean refusesLonger) {}

  /// A tensor with a dimension of the request's length.
  ///
  /// @param dim index of the dimension, the batch being 0
  public record PaddedTensor(String name, int dim, double padValue) {}

  /// How the answers of a version are kept.
  ///
  /// @param maxBytes most bytes of kept answers
  /// @param ttlNanos age at which an answer is forgotten
  /// @param maxInputBytes larger requests are not cached
  public record ResponseCache(long maxBytes, long ttlNanos, int maxInputBytes) {}

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
