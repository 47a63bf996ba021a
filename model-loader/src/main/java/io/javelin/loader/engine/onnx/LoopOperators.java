package io.javelin.loader.engine.onnx;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/// Looks for operators whose number of turns depends on the data. ONNX Runtime's Java API does not
/// tell a model's operators, and reading the whole graph for this would cost more than it is worth:
/// the encoded field `op_type` of a node is searched for in the bytes of the file. Weights that
/// happen to hold those bytes give a false yes, never a false no.
///
/// Source: `NodeProto.op_type` is field 4 of onnx.proto.
final class LoopOperators {
  private static final byte OP_TYPE_TAG = 4 << 3 | 2;

  private static final List<byte[]> NAMES =
      List.of(
          "Loop".getBytes(StandardCharsets.US_ASCII), "Scan".getBytes(StandardCharsets.US_ASCII));

  private LoopOperators() {}

  /// Whether the model in `file` has a loop.
  static boolean in(Path file) throws IOException {
    try (Arena arena = Arena.ofConfined();
        FileChannel channel = FileChannel.open(file)) {
      return in(channel.map(MapMode.READ_ONLY, 0, channel.size(), arena));
    }
  }

  private static boolean in(MemorySegment model) {
    for (long at = 0; at < model.byteSize(); at++) {
      if (model.get(ValueLayout.JAVA_BYTE, at) == OP_TYPE_TAG && nameFollows(model, at + 1)) {
        return true;
      }
    }
    return false;
  }

  private static boolean nameFollows(MemorySegment model, long at) {
    return NAMES.stream()
        .anyMatch(name ->
            at + 1 + name.length <= model.byteSize()
                && model.get(ValueLayout.JAVA_BYTE, at) == name.length
                && MemorySegment.ofArray(name).mismatch(model.asSlice(at + 1, name.length)) == -1);
  }
}
