package io.javelin.server.pipeline;

import io.javelin.loader.engine.DataType;
import io.javelin.loader.engine.EngineException;
import io.javelin.loader.engine.EngineInstance;
import io.javelin.loader.engine.ModelSignature;
import io.javelin.loader.engine.TensorSpec;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Feeds an instance with all-zero rows (empty strings for BYTES). A dynamic row dimension is taken
/// as 1; a model that does not like that guess is only reported, because a real request may well
/// work. A model with fixed row shapes must run, or it is broken.
final class WarmupRows {
  private static final Logger LOG = LoggerFactory.getLogger(WarmupRows.class);

  private final ModelSignature signature;
  private final boolean guessed;

  WarmupRows(ModelSignature signature) {
    this.signature = signature;
    int first = signature.batching() ? 1 : 0;
    this.guessed =
        signature.inputs().stream()
            .anyMatch(spec -> spec.shape().stream().skip(first).anyMatch(d -> d < 0));
  }

  /// Whether the size of a row is only guessed, so that its run time says nothing about others.
  boolean isGuess() {
    return guessed;
  }

  void run(EngineInstance instance, int rows) throws EngineException {
    List<TensorSpec> inputs = signature.inputs();
    long[][] shapes = new long[inputs.size()][];
    for (int i = 0; i < shapes.length; i++) {
      TensorSpec spec = inputs.get(i);
      shapes[i] = shape(spec, rows);
      long bytes = elementBytes(spec.type());
      for (long d : shapes[i]) {
        bytes *= d;
      }
      instance.input(i, bytes).asSlice(0, bytes).fill((byte) 0);
    }
    try {
      instance.run(shapes);
    } catch (EngineException e) {
      if (!guessed) {
        throw e;
      }
      LOG.info("warm-up with guessed shapes was refused, going on: {}", e.getMessage());
    }
  }

  private long[] shape(TensorSpec spec, int rows) {
    long[] shape = spec.shape().stream().mapToLong(d -> d < 0 ? 1 : d).toArray();
    if (signature.batching()) {
      shape[0] = rows;
    }
    return shape;
  }

  /// An empty string is its length prefix.
  private static long elementBytes(DataType type) {
    return type == DataType.BYTES ? Integer.BYTES : type.elementBytes();
  }
}
