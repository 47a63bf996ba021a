package io.javelin.benchmarks.bench.model;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// Writes models in the layout that Javelin and Triton share: `<model>/1/model.onnx`, beside a
/// `config.pbtxt` that only Triton reads.
public final class BenchRegistry {
  private static final int MAX_BATCH = 64;

  private BenchRegistry() {}

  /// Writes `models` below `folder`, which is created.
  public static void write(Path folder, List<BenchModel> models) throws IOException {
    for (BenchModel model : models) {
      Path version = folder.resolve(model.name()).resolve("1");
      Files.createDirectories(version);
      Files.write(version.resolve("model.onnx"), model.file().write());
      Files.writeString(folder.resolve(model.name()).resolve("config.pbtxt"), triton(model));
    }
  }

  /// One instance on the CPU with one thread, and batches without delay: what Javelin does by
  /// default, so that the two are comparable.
  private static String triton(BenchModel model) {
    return """
    name: "%s"
    backend: "onnxruntime"
    max_batch_size: %d
    dynamic_batching { }
    instance_group [ { count: 1 kind: KIND_CPU } ]
    parameters { key: "intra_op_thread_count" value: { string_value: "1" } }
    """
        .formatted(model.name(), MAX_BATCH);
  }
}
