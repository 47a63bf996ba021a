package io.javelin.server.pipeline;

import io.javelin.loader.engine.DataType;
import io.javelin.loader.engine.ModelSignature;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Puts the outputs of parts of a request together again, on the heap. Parts come in any order,
/// from any thread. Each is copied straight to its place, except for BYTES, whose place is known
/// only when all parts are there.
final class JoinedOutputs {
  private final boolean[] wanted;
  private final boolean[] strings;
  private final BatchOutputs joined;
  private final @Nullable BatchOutputs[] texts; // Guarded by this.
  private int rowsMissing; // Guarded by this.

  /// @param wanted by output; the others stay empty
  JoinedOutputs(ModelSignature signature, int rows, int parts, boolean[] wanted) {
    this.wanted = wanted;
    this.strings = new boolean[wanted.length];
    for (int i = 0; i < wanted.length; i++) {
      strings[i] = wanted[i] && signature.outputs().get(i).type() == DataType.BYTES;
    }
    this.joined = new BatchOutputs(signature, rows);
    this.texts = new @Nullable BatchOutputs[parts];
    this.rowsMissing = rows;
  }

  /// Takes `count` rows of part `part`, whose first row is row `targetRow` of the whole.
  ///
  /// @throws IllegalStateException when rows of different parts have different sizes
  synchronized void put(int part, int targetRow, BatchOutputs source, int firstRow, int count) {
    for (int i = 0; i < wanted.length; i++) {
      joined.adoptShape(source, i);
      if (wanted[i] && !strings[i]) {
        joined.put(i, targetRow, source, firstRow, count);
      }
    }
    texts[part] = source.copyOf(firstRow, count, strings);
    rowsMissing -= count;
  }

  synchronized boolean isComplete() {
    return rowsMissing == 0;
  }

  /// All rows; once, when complete.
  synchronized BatchOutputs join() {
    for (int i = 0; i < strings.length; i++) {
      if (strings[i]) {
        joined.concatenate(i, Arrays.asList(texts));
      }
    }
    return joined;
  }
}
