package io.javelin.server.pipeline;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// How requests of different lengths are brought to common ones, as configured.
///
/// @param inputs inputs with a dimension of the request's length
/// @param buckets lengths that requests are padded to, ascending, at least one
/// @param maskInput input that is generated: 1 = real, 0 = padding; null = none
/// @param outputs outputs with a dimension of that length, which are cut back to the request's own
/// @param refusesLonger whether a request longer than the last bucket is refused; else it runs
///   unpadded, with requests of the same length only
public record PaddingSpec(
    List<Input> inputs,
    List<Integer> buckets,
    @Nullable String maskInput,
    List<Output> outputs,
    boolean refusesLonger) {

  /// A padded input.
  ///
  /// @param dim index of the dimension, the batch being 0
  /// @param padValue what padding is filled with
  public record Input(String name, int dim, double padValue) {}

  /// An output that is cut back.
  ///
  /// @param dim index of the dimension, the batch being 0
  public record Output(String name, int dim) {}

  /// Copies the lists.
  public PaddingSpec {
    inputs = List.copyOf(inputs);
    buckets = List.copyOf(buckets);
    outputs = List.copyOf(outputs);
  }
}
