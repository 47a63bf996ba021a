package io.javelin.loader.engine;

import java.util.Map;

/// How one engine instance is opened.
///
/// @param maxRows most rows of one run; ignored for a model without a batch dimension
/// @param provider execution provider, in ONNX Runtime's terms
/// @param providerOptions passed through to the execution provider as they are
/// @param sessionOptions ONNX Runtime session config entries, passed through as they are
/// @param intraOpThreads threads of one run, at least 1
public record InstanceConfig(
    int maxRows,
    Provider provider,
    Map<String, String> providerOptions,
    Map<String, String> sessionOptions,
    int intraOpThreads) {

  /// Copies the maps.
  public InstanceConfig {
    if (intraOpThreads < 1) {
      throw new IllegalArgumentException(
          "intraOpThreads is " + intraOpThreads + ", expected at least 1");
    }
    providerOptions = Map.copyOf(providerOptions);
    sessionOptions = Map.copyOf(sessionOptions);
  }

  /// Execution providers.
  public enum Provider {
    CPU,
    CUDA,
    TENSORRT
  }
}
