package io.javelin.loader.engine.onnx;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.OrtSession.SessionOptions;
import ai.onnxruntime.OrtSession.SessionOptions.OptLevel;
import ai.onnxruntime.providers.OrtCUDAProviderOptions;
import ai.onnxruntime.providers.OrtTensorRTProviderOptions;
import io.javelin.loader.engine.EngineException;
import io.javelin.loader.engine.onnx.SessionPlan.ProviderPlan;
import java.nio.file.Path;
import java.util.Map;

/// Carries a [SessionPlan] out. Opens by path, not from bytes, because large models keep their
/// weights in files beside the model file.
final class SessionOpener {
  private final OrtEnvironment environment;

  SessionOpener(OrtEnvironment environment) {
    this.environment = environment;
  }

  OrtSession open(Path file, SessionPlan plan) throws EngineException {
    try (SessionOptions options = new SessionOptions()) {
      tell(options, plan);
      return create(file, options);
    }
  }

  private OrtSession create(Path file, SessionOptions options) throws EngineException {
    try {
      return environment.createSession(file.toString(), options);
    } catch (OrtException e) {
      throw new EngineException("cannot open " + file + ": " + e.getMessage(), e);
    }
  }

  private static void tell(SessionOptions options, SessionPlan plan) throws EngineException {
    try {
      options.setOptimizationLevel(OptLevel.ALL_OPT);
      options.setInterOpNumThreads(1);
      options.setIntraOpNumThreads(plan.intraOpThreads());
      options.setCPUArenaAllocator(plan.memoryArena());
      options.setMemoryPatternOptimization(plan.memoryPattern());
    } catch (OrtException e) {
      throw new EngineException("ONNX Runtime refuses its session options: " + e.getMessage(), e);
    }
    for (Map.Entry<String, String> entry : plan.configEntries().entrySet()) {
      addConfigEntry(options, entry.getKey(), entry.getValue());
    }
    for (ProviderPlan provider : plan.providers()) {
      addProvider(options, provider);
    }
  }

  private static void addConfigEntry(SessionOptions options, String key, String value)
      throws EngineException {
    try {
      options.addConfigEntry(key, value);
    } catch (OrtException e) {
      throw new EngineException(
          "session option '%s' = '%s': %s".formatted(key, value, e.getMessage()), e);
    }
  }

  private static void addProvider(SessionOptions options, ProviderPlan plan)
      throws EngineException {
    try {
      switch (plan.provider()) {
        case CPU -> throw new IllegalArgumentException("the CPU provider is always there");
        case CUDA -> addCuda(options, plan.options());
        case TENSORRT -> addTensorRt(options, plan.options());
      }
    } catch (OrtException e) {
      throw new EngineException(
          "execution provider %s with options %s: %s (it needs a build with -Pcuda, and NVIDIA's driver and libraries on the machine)"
              .formatted(plan.provider(), plan.options(), e.getMessage()),
          e);
    }
  }

  private static void addCuda(SessionOptions options, Map<String, String> settings)
      throws OrtException {
    try (OrtCUDAProviderOptions cuda = new OrtCUDAProviderOptions()) {
      for (Map.Entry<String, String> setting : settings.entrySet()) {
        cuda.add(setting.getKey(), setting.getValue());
      }
      options.addCUDA(cuda);
    }
  }

  private static void addTensorRt(SessionOptions options, Map<String, String> settings)
      throws OrtException {
    try (OrtTensorRTProviderOptions tensorRt = new OrtTensorRTProviderOptions()) {
      for (Map.Entry<String, String> setting : settings.entrySet()) {
        tensorRt.add(setting.getKey(), setting.getValue());
      }
      options.addTensorrt(tensorRt);
    }
  }
}
