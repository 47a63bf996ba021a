package io.javelin.benchmarks.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

/// Runs benchmarks for the shortest of times: whether they work, not what they find.
class BenchCommandTest {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @Test
  void explainsEachBenchmarkInALine() {
    assertEquals(0, execute());
    String bare = out.toString();
    for (String name : List.of("floor", "ort", "naive", "metrics", "overload", "alloc", "rate")) {
      assertTrue(bare.contains("\n  " + name + " "), bare);
    }
    assertEquals(0, execute("list"));
    assertEquals(bare + bare, out.toString());
  }

  @Test
  void refusesAModelThatDoesNotExist() {
    assertEquals(2, execute("floor", "--model", "resnet"));
    assertTrue(err.toString().contains("expected model mlp, cnn, tx, got 'resnet'"), err::toString);
  }

  @Test
  void refusesATargetOnAnotherMachine() {
    assertEquals(2, execute("peer", "--target", "192.0.2.1:8001"));
    assertTrue(err.toString().contains("--allow-remote"), err::toString);
  }

  @ParameterizedTest
  @CsvSource({
    "floor --model mlp, Javelin / echo",
    "ort --models mlp, rows/s / ORT (usable)",
    "naive --model cnn, Javelin / naive",
    "metrics --model mlp, on / off",
    "overload --model tx --factors 1;3, goodput / peak",
  })
  void measuresAndWritesTheResult(String command, String expected, @TempDir Path directory)
      throws Exception {
    Path file = directory.resolve("result.md");
    List<String> arguments = new ArrayList<>(List.of(command.replace(';', ',').split(" ", -1)));
    arguments.addAll(List.of("--rounds", "1", "--slice", "200ms", "--warmup", "200ms"));
    arguments.addAll(List.of("--out", file.toString()));
    assertEquals(0, execute(arguments.toArray(String[]::new)), err::toString);
    String result = Files.readString(file);
    assertTrue(result.contains(expected), result);
    assertTrue(out.toString().contains("result file: " + file), out::toString);
  }

  private int execute(String... arguments) {
    return new CommandLine(new BenchCommand())
        .setOut(new PrintWriter(out, true))
        .setErr(new PrintWriter(err, true))
        .execute(arguments);
  }
}
