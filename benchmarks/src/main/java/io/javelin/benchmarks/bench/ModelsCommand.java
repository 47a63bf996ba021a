package io.javelin.benchmarks.bench;

import io.javelin.benchmarks.bench.model.BenchModel;
import io.javelin.benchmarks.bench.model.BenchRegistry;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// Writes the models to disk, for a server that is started by hand.
@Command(
    name = "models",
    description = "Not a benchmark: writes the models as a registry, for Javelin or Triton.",
    mixinStandardHelpOptions = true)
final class ModelsCommand implements Callable<Integer> {
  @Spec private @Nullable CommandSpec spec;

  @Option(names = "--dir", required = true, description = "Folder; it is created.")
  private Path directory = Path.of(".");

  @Override
  public Integer call() throws IOException {
    BenchRegistry.write(directory, BenchModel.all());
    for (BenchModel model : BenchModel.all()) {
      Objects.requireNonNull(spec)
          .commandLine()
          .getOut()
          .printf("%s: %s%n", directory.resolve(model.name()), model.description());
    }
    return 0;
  }
}
