package io.javelin.benchmarks.bench.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.javelin.benchmarks.load.RunManifest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SamplesTest {
  // The machine halves its speed in the second round: the ratio does not see it.
  private final Samples samples =
      new Samples(
          List.of(
              sample("a", 1, 90),
              sample("b", 1, 100),
              sample("b", 2, 50),
              sample("a", 2, 45),
              sample("a", 3, 80),
              sample("b", 3, 100)));

  private static Sample sample(String server, int round, double rate) {
    return new Sample(server, "c=1", round, Map.of(Figure.RATE, rate));
  }

  @Test
  void pairsTheRounds() {
    Ratio ratio = samples.ratio("a", "b", "c=1", Figure.RATE);
    assertEquals(0.9, ratio.median(), 1e-9);
    assertEquals(0.8, ratio.min(), 1e-9);
    assertEquals(0.9, ratio.max(), 1e-9);
    assertEquals("0.90 [0.80-0.90]", ratio.toString());
  }

  @Test
  void leavesOutWhatIsNotKnown() {
    assertEquals("", samples.ratio("a", "b", "c=1", Figure.P99).toString());
    assertTrue(Double.isNaN(samples.median("a", "c=1", Figure.BATCH)));
    assertEquals(2, Numbers.median(Double.NaN, 1, 3), 0);
    assertEquals(80, samples.median("a", "c=1", Figure.RATE), 0);
  }

  @Test
  void printsTables() {
    assertEquals(
        """
        | load | ok/s             |
        |------|------------------|
        | c=1  | 0.90 [0.80-0.90] |
        """,
        samples.ratioTable("a", "b", List.of(Figure.RATE)).toString());
    assertEquals(
        """
        | load | server | ok/s |
        |------|--------|------|
        | c=1  | a      | 80   |
        | c=1  | b      | 100  |
        """,
        samples.medianTable(List.of(Figure.RATE)).toString());
    assertTrue(samples.rawTable(List.of(Figure.RATE)).toString().contains("| c=1  | 2     | b"));
  }

  @Test
  void refusesARowOfTheWrongWidth() {
    Table table = new Table(List.of("a", "b"));
    assertThrows(IllegalArgumentException.class, () -> table.add("1"));
  }

  @Test
  void writesNumbersAsAReaderWantsThem() {
    assertEquals("1,234,568", Numbers.grouped(1_234_567.8, 0));
    assertEquals("", Numbers.grouped(Double.NaN, 1));
    assertEquals("0.026", Numbers.ratio(0.0256));
  }

  @Test
  void neverOverwritesAResult(@TempDir Path folder) throws IOException {
    RunManifest manifest =
        new RunManifest(
            Instant.parse("2026-03-01T23:00:00Z"), "abc", 2, "cpu", "os", "jvm", List.of("bench"));
    Path first = ResultFile.next(folder, "floor", manifest);
    assertEquals("2026-03-01-floor.md", first.getFileName().toString());
    ResultFile.write(
        first,
        new ResultFile.Result("floor", "Why?", List.of("rounds: 1"), "in /home/me/x/y\n"),
        manifest,
        List.of("-Xmx1g", "-Djavelin.home=/home/me/x"));
    assertEquals(
        "2026-03-01-floor-2.md",
        ResultFile.next(folder, "floor", manifest).getFileName().toString());
    String text = Files.readString(first);
    for (String part :
        List.of("Why?", "abc", "2 cores, cpu, os", "`-Xmx1g ", "in ./y", "rounds: 1")) {
      assertTrue(text.contains(part), text);
    }
    assertFalse(text.contains("/home/me"), text);
  }
}
