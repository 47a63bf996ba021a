package io.javelin.loader.engine.onnx;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import io.javelin.loader.engine.EngineException;
import io.javelin.loader.engine.ModelSignature;
import io.javelin.loader.engine.TensorSpec;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// Chooses the slot for each input and output, and cleans up when one of them cannot be made.
final class InstanceBuilder {
  private final OrtEnvironment environment;
  private final ModelSignature signature;

  /// Rows of the largest run: the configured ones, or 1 when the model does not batch.
  private final int maxRows;

  private final List<InputSlot> inputs = new ArrayList<>();
  private final List<OutputSlot> outputs = new ArrayList<>();

  InstanceBuilder(OrtEnvironment environment, ModelSignature signature, int configuredRows)
      throws EngineException {
    if (signature.batching() && configuredRows < 1) {
      throw new EngineException("maxRows is " + configuredRows + ", expected at least 1");
    }
    this.environment = environment;
    this.signature = signature;
    this.maxRows = signature.batching() ? configuredRows : 1;
  }

  /// The instance owns `session` when this returns; the caller still does when it throws.
  OnnxInstance build(String label, OrtSession session) throws EngineException {
    boolean built = false;
    try {
      for (TensorSpec spec : signature.inputs()) {
        inputs.add(input(spec));
      }
      for (TensorSpec spec : signature.outputs()) {
        outputs.add(output(spec));
      }
      StoppableRun stoppable = new StoppableRun();
      built = true;
      return new OnnxInstance(label, session, stoppable, signature, maxRows, inputs, outputs);
    } finally {
      if (!built) {
        inputs.forEach(InputSlot::close);
        outputs.forEach(OutputSlot::close);
      }
    }
  }

  private InputSlot input(TensorSpec spec) throws EngineException {
    return switch (spec.type()) {
      case BYTES -> new StringInput(environment, spec.name());
      case UINT16, UINT32, UINT64 -> unsigned(spec);
      default -> wrapped(spec);
    };
  }

  private InputSlot wrapped(TensorSpec spec) throws EngineException {
    RowLayout layout = RowLayout.of(spec, signature.batching());
    return layout == null
        ? new GrowingInput(environment, spec)
        : new FixedInput(spec.name(), new TensorBlock(environment, spec, layout, maxRows));
  }

  private InputSlot unsigned(TensorSpec spec) throws EngineException {
    InputSlot signed = wrapped(spec);
    try {
      return new UnsignedInput(signed, castTo(spec));
    } catch (EngineException e) {
      signed.close();
      throw e;
    }
  }

  /// The casts are files of this package, made by `make_models.py`.
  private OrtSession castTo(TensorSpec spec) throws EngineException {
    String file = "to_" + spec.type().name().toLowerCase(Locale.ROOT) + ".onnx";
    try (InputStream model = InstanceBuilder.class.getResourceAsStream(file);
        OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
      if (model == null) {
        throw new EngineException(file + " is missing beside " + InstanceBuilder.class.getName());
      }
      options.setIntraOpNumThreads(1);
      return environment.createSession(model.readAllBytes(), options);
    } catch (IOException | OrtException e) {
      throw new EngineException("input '" + spec.name() + "': " + e.getMessage(), e);
    }
  }

  private OutputSlot output(TensorSpec spec) throws EngineException {
    RowLayout layout = RowLayout.of(spec, signature.batching());
    return layout != null && canPin(spec)
        ? new PinnedOutput(new TensorBlock(environment, spec, layout, maxRows))
        : new CopiedOutput(spec, signature.batching());
  }

  /// A scalar is not pinned: an output of unknown rank looks the same.
  private static boolean canPin(TensorSpec spec) {
    return ElementTypes.canWrap(spec.type()) && !spec.shape().isEmpty();
  }
}
