package io.javelin.benchmarks.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.javelin.benchmarks.bench.report.Figure;
import io.javelin.benchmarks.bench.report.Sample;
import io.javelin.benchmarks.bench.report.Samples;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CoresLeftTest {
  // 40,000 requests/s: the client takes 0.2 cores, the transport 0.2, so 1.6 of 2 are left.
  private final Samples samples =
      new Samples(
          List.of(
              new Sample(
                  "Javelin",
                  "c=64",
                  1,
                  Map.of(Figure.RATE, 40_000.0, Figure.SERVER_CPU, 30.0, Figure.CLIENT_CPU, 5.0)),
              new Sample("echo", "c=64", 1, Map.of(Figure.SERVER_CPU, 5.0)),
              new Sample(
                  "ort", "batch=8", 1, Map.of(Figure.RATE, 50_000.0, Figure.SERVER_CPU, 20.0))));

  @Test
  void oneInstanceUsesOneCoreAtMost() {
    assertEquals(
        List.of(
            "c=64",
            "0.80 [0.80-0.80]",
            "0.50 [0.50-0.50]",
            "0.80 [0.80-0.80]",
            "1.25 [1.25-1.25]",
            "1.60"),
        new CoresLeft(2, 1, "batch=8").row(samples, "c=64", "ort"));
  }

  @Test
  void severalInstancesUseWhatIsLeft() {
    assertEquals(
        "0.50 [0.50-0.50]", new CoresLeft(2, 2, "batch=8").row(samples, "c=64", "ort").get(1));
  }
}
