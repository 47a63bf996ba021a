package io.javelin.loader.engine.onnx;

import io.javelin.loader.engine.EngineException;
import io.javelin.loader.engine.InstanceConfig;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;

/// Everything a session is told, worked out from a configuration without calling ONNX Runtime. The
/// inter-op pool (one thread), sequential execution and the optimisation level (all) are the same
/// for every model and not listed.
///
/// The CPU memory arena and memory patterns stay on, as ONNX Runtime has them: the arena makes runs
/// about 10 % cheaper. Both cost memory that is never given back: the arena keeps the largest run
/// ever seen, and one pattern is kept for each combination of input shapes, which is bounded by the
/// rows of a batch unless other dimensions are dynamic as well. A model for which that is too much
/// switches them off with the CPU provider options [#MEMORY_ARENA] and [#MEMORY_PATTERN].
///
/// @param configEntries session config entries, sorted by key
/// @param providers execution providers, the preferred one first; ONNX Runtime puts the CPU behind
///   them by itself
record SessionPlan(
    int intraOpThreads,
    NavigableMap<String, String> configEntries,
    boolean memoryArena,
    boolean memoryPattern,
    List<ProviderPlan> providers) {

  /// An idle spinning worker burns a whole core, which the event loop needs.
  static final String INTRA_OP_SPINNING = "session.intra_op.allow_spinning";

  static final String MEMORY_ARENA = "enable_mem_arena";
  static final String MEMORY_PATTERN = "enable_mem_pattern";
  static final String DEVICE_ID = "device_id";

  /// @param options as the provider itself names them, sorted by key
  record ProviderPlan(InstanceConfig.Provider provider, NavigableMap<String, String> options) {}

  /// @throws EngineException when the CPU provider gets an option that it does not have; what the
  ///   others take is known to their libraries only
  static SessionPlan of(InstanceConfig config) throws EngineException {
    NavigableMap<String, String> entries = new TreeMap<>(config.sessionOptions());
    entries.putIfAbsent(INTRA_OP_SPINNING, "0");
    boolean onCpu = config.provider() == InstanceConfig.Provider.CPU;
    Map<String, String> cpuOptions = onCpu ? config.providerOptions() : Map.of();
    refuseUnknown(cpuOptions.keySet());
    return new SessionPlan(
        config.intraOpThreads(),
        Collections.unmodifiableNavigableMap(entries),
        flag(cpuOptions, MEMORY_ARENA),
        flag(cpuOptions, MEMORY_PATTERN),
        providers(config));
  }

  private static List<ProviderPlan> providers(InstanceConfig config) {
    Map<String, String> options = config.providerOptions();
    return switch (config.provider()) {
      case CPU -> List.of();
      case CUDA -> List.of(plan(InstanceConfig.Provider.CUDA, options));
      // TensorRT leaves the nodes that it cannot build to CUDA, on the same device.
      case TENSORRT -> {
        ProviderPlan tensorRt = plan(InstanceConfig.Provider.TENSORRT, options);
        String device = tensorRt.options().getOrDefault(DEVICE_ID, "0");
        yield List.of(tensorRt, plan(InstanceConfig.Provider.CUDA, Map.of(DEVICE_ID, device)));
      }
    };
  }

  private static ProviderPlan plan(InstanceConfig.Provider provider, Map<String, String> options) {
    NavigableMap<String, String> sorted = new TreeMap<>(options);
    sorted.putIfAbsent(DEVICE_ID, "0");
    return new ProviderPlan(provider, Collections.unmodifiableNavigableMap(sorted));
  }

  private static void refuseUnknown(Set<String> cpuOptions) throws EngineException {
    for (String key : cpuOptions) {
      if (!key.equals(MEMORY_ARENA) && !key.equals(MEMORY_PATTERN)) {
        throw new EngineException(
            "execution provider CPU has no option '%s', only '%s' and '%s'"
                .formatted(key, MEMORY_ARENA, MEMORY_PATTERN));
      }
    }
  }

  private static boolean flag(Map<String, String> options, String key) throws EngineException {
    String value = options.getOrDefault(key, "1");
    return switch (value) {
      case "0" -> false;
      case "1" -> true;
      default ->
          throw new EngineException(
              "option '%s' of execution provider CPU is '%s', expected 0 or 1"
                  .formatted(key, value));
    };
  }
}
