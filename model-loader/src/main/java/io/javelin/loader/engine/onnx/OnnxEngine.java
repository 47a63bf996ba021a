package io.javelin.loader.engine.onnx;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import io.javelin.loader.engine.Engine;
import io.javelin.loader.engine.EngineException;
import io.javelin.loader.engine.EngineInstance;
import io.javelin.loader.engine.InstanceConfig;
import io.javelin.loader.engine.ModelSignature;
import io.javelin.loader.store.ModelArtifact;
import java.io.IOException;
import java.nio.file.Path;

/// Opens `model.onnx` with ONNX Runtime's Java API.
///
/// Each instance has a session of its own with its own threads: one session shared by two threads
/// is slower than one thread for tiny models, because of its internal locks. The price is one copy
/// of the weights for each instance. Spinning is off unless the session options ask for it.
///
/// Limits of the Java API, which a model meets here: strings are passed unchanged only if they are
/// UTF-8 without U+0000 and without characters beyond U+FFFF, others are refused when they come in;
/// inputs of UINT16, UINT32 and UINT64 cost an extra copy; a tensor is smaller than 2 GiB. Session
/// options are not checked: ONNX Runtime accepts keys that it does not know.
///
/// **The CUDA and TensorRT providers have not been run on a GPU.** What they are told is tested;
/// that they start, and what they give, is not. The Java API has no device memory: inputs and
/// outputs are copied between host and device in each run, and CUDA graphs cannot be used. They
/// need the build with `-Pcuda`; the library in the default build refuses them.
public final class OnnxEngine implements Engine {
  private final OrtEnvironment environment;

  /// Loads the native library, once in a process, and fails if the machine cannot.
  ///
  /// @throws IllegalStateException when loading would crash the process, see [CommandLineLimit]
  public OnnxEngine() {
    CommandLineLimit.check();
    NativeLibraries.prepare();
    environment = OrtEnvironment.getEnvironment();
    switchTelemetryOff(environment);
  }

  /// What runs here is the operator's business. The variable `ORT_DISABLE_TELEMETRY`, which the
  /// launcher sets, is read before this call can be made; this holds for other launchers.
  private static void switchTelemetryOff(OrtEnvironment environment) {
    try {
      environment.setTelemetry(false);
    } catch (OrtException e) {
      throw new IllegalStateException("cannot switch off ONNX Runtime's telemetry", e);
    }
  }

  @Override
  public String name() {
    return "onnxruntime";
  }

  @Override
  public String platform() {
    return "onnxruntime_onnx";
  }

  @Override
  public String modelFileName() {
    return "model.onnx";
  }

  @Override
  public EngineInstance open(ModelArtifact artifact, InstanceConfig config) throws EngineException {
    SessionPlan plan = SessionPlan.of(config);
    Path file = artifact.directory().resolve(modelFileName());
    String label = "model '%s' version %d".formatted(artifact.model(), artifact.version());
    OrtSession session = new SessionOpener(environment).open(file, plan);
    boolean opened = false;
    try {
      ModelSignature signature = SignatureReader.read(session);
      EngineInstance instance =
          new InstanceBuilder(environment, signature, config.maxRows()).build(label, session);
      opened = true;
      return instance;
    } catch (EngineException e) {
      throw new EngineException("cannot serve " + file + ": " + e.getMessage(), e);
    } finally {
      if (!opened) {
        close(session);
      }
    }
  }

  @Override
  public boolean runsLoops(ModelArtifact artifact) throws EngineException {
    Path file = artifact.directory().resolve(modelFileName());
    try {
      return LoopOperators.in(file);
    } catch (IOException e) {
      throw new EngineException("cannot read " + file + ": " + e, e);
    }
  }

  private static void close(OrtSession session) throws EngineException {
    try {
      session.close();
    } catch (OrtException e) {
      throw new EngineException("cannot close a session: " + e.getMessage(), e);
    }
  }

  /// Does nothing: ONNX Runtime's environment lives until the process ends.
  @Override
  public void close() {}
}
