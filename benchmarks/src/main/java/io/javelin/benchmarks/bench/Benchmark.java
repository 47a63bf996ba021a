package io.javelin.benchmarks.bench;

import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// One benchmark as a command: options, session, exit code. Exit code 0 when it was measured, 1
/// when a server failed, 2 when an argument is wrong.
@Command(mixinStandardHelpOptions = true, showDefaultValues = true)
abstract class Benchmark implements Callable<Integer> {
  private static final int FAILED = 1;

  @Spec private @Nullable CommandSpec spec;

  @Mixin private BenchOptions options = new BenchOptions();

  /// Measures and publishes.
  abstract void run(BenchSession session) throws Exception;

  BenchOptions options() {
    return options;
  }

  @Override
  public final Integer call() throws Exception {
    CommandSpec command = Objects.requireNonNull(spec);
    try (BenchSession session = BenchSession.open(options, command)) {
      run(session);
      return 0;
    } catch (IllegalArgumentException e) {
      throw new ParameterException(command.commandLine(), String.valueOf(e.getMessage()), e);
    } catch (IOException | StatusRuntimeException e) {
      command.commandLine().getErr().println(command.name() + ": " + e.getMessage());
      return FAILED;
    }
  }
}
