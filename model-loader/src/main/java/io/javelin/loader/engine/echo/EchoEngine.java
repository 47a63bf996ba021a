package io.javelin.loader.engine.echo;

import io.javelin.loader.engine.Engine;
import io.javelin.loader.engine.EngineException;
import io.javelin.loader.engine.EngineInstance;
import io.javelin.loader.engine.InstanceConfig;
import io.javelin.loader.store.ModelArtifact;
import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/// Opens `model.echo`, a small text file in the format of Java properties, read as UTF-8:
///
/// ```
/// # name, type and dimensions; -1 where the request chooses
/// input.0 = TOKENS INT64 -1,-1
/// input.1 = PRICE FP32 -1,4
/// # name and verb; reads the input with the same number, or with the number that follows
/// output.0 = SAME copy
/// output.1 = PRICES sum
/// output.2 = TOKENS_TOTAL sum 0
/// # optional: on-load or on-run
/// fail = on-run
/// ```
///
/// `copy` gives the input back. `sum` adds up each row (the whole tensor where there is no batch
/// dimension) in the input's own type, integers wrapping around; it takes INT32, INT64, FP32 and
/// FP64 and gives one element for each row, of shape `[-1,1]`, or `[1]` without batching. An input
/// without dimensions is a scalar. As with other engines, a model batches when every first
/// dimension is -1.
///
/// `fail = on-load` refuses to open and `fail = on-run` refuses each run, both with an
/// [EngineException] that says so. Any other key is an error, so that a typing mistake is not taken
/// for a working model. Provider, session options and threads of the configuration are ignored.
public final class EchoEngine implements Engine {
  @Override
  public String name() {
    return "echo";
  }

  @Override
  public String platform() {
    return "javelin_echo";
  }

  @Override
  public String modelFileName() {
    return "model.echo";
  }

  @Override
  public EngineInstance open(ModelArtifact artifact, InstanceConfig config) throws EngineException {
    Path file = artifact.directory().resolve(modelFileName());
    try {
      EchoModel model = EchoModel.parse(Files.readString(file));
      String label = "model '%s' version %d".formatted(artifact.model(), artifact.version());
      return new EchoInstance(label, model, config.maxRows());
    } catch (EngineException e) {
      throw new EngineException("cannot open " + file + ": " + e.getMessage(), e);
    } catch (NoSuchFileException e) {
      throw new EngineException("cannot open " + file + ": no such file", e);
    } catch (MalformedInputException e) {
      throw new EngineException("cannot open " + file + ": not UTF-8", e);
    } catch (IOException e) {
      throw new EngineException("cannot open " + file + ": " + e.getMessage(), e);
    }
  }

  /// Does nothing: there is nothing to release.
  @Override
  public void close() {}
}
