package io.javelin.loader.engine.onnx;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import io.javelin.loader.engine.EngineException;
import java.lang.foreign.MemorySegment;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// An input of UINT16, UINT32 or UINT64. The Java API wraps no memory as these types, so the bits
/// go in as the signed type and a session with a single Cast, which keeps them, turns them into the
/// unsigned one: one more small run and one more copy for each of these rare inputs.
final class UnsignedInput implements InputSlot {
  private final InputSlot signed;
  private final OrtSession cast;
  private final String castInput;
  private OrtSession.@Nullable Result bound;

  /// Owns `signed` and `cast` from now on.
  UnsignedInput(InputSlot signed, OrtSession cast) {
    this.signed = signed;
    this.cast = cast;
    this.castInput = cast.getInputNames().iterator().next();
  }

  @Override
  public MemorySegment memory(long bytes) {
    return signed.memory(bytes);
  }

  @Override
  public OnnxTensor bind(int rows, long[] shape) throws OrtException, EngineException {
    OrtSession.Result result = cast.run(Map.of(castInput, signed.bind(rows, shape)));
    bound = result;
    return (OnnxTensor) result.get(0);
  }

  @Override
  public void release() {
    if (bound != null) {
      bound.close();
      bound = null;
    }
    signed.release();
  }

  @Override
  public void close() {
    release();
    signed.close();
    try {
      cast.close();
    } catch (OrtException e) {
      throw new IllegalStateException("cannot close a cast session: " + e.getMessage(), e);
    }
  }
}
