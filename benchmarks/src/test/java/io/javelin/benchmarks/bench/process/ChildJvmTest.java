package io.javelin.benchmarks.bench.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChildJvmTest {
  @Test
  void passesOnWhatShapesSpeedAndNothingElse() {
    assertEquals(
        List.of("-XX:+UseParallelGC", "-Xmx1g", "-XX:AOTCache=a"),
        ChildJvm.passedOnOptions(
            List.of(
                "-XX:+UseParallelGC",
                "-javaagent:x.jar",
                "-Xmx1g",
                "-XX:AOTCacheOutput=b",
                "-XX:AOTCache=a",
                "-agentlib:jdwp=transport")));
  }

  @Test
  void talksToTheProcessAndCountsWhatItUses(@TempDir Path directory) throws IOException {
    try (ChildJvm jvm =
            ChildJvm.start(Burner.class.getName(), List.of(), List.of(), directory.resolve("log"));
        JvmCounters counters = JvmCounters.attach(jvm.pid())) {
      assertEquals("ready", jvm.readLine());
      JvmCounters.Reading idle = counters.read();
      JvmCounters.Reading before = counters.read();
      jvm.writeLine("go");
      assertEquals("done", jvm.readLine());
      JvmCounters.Reading after = counters.read();
      JvmCounters.Reading used = counters.between(before, after);
      assertTrue(used.allocatedBytes() >= Burner.ALLOCATED_BYTES, used::toString);
      assertTrue(used.allocatedBytes() < 2 * Burner.ALLOCATED_BYTES, used::toString);
      assertTrue(used.cpuNanos() > 0, used::toString);
      assertTrue(
          counters.between(idle, before).allocatedBytes() < Burner.ALLOCATED_BYTES / 10,
          "reading itself must not count");
    }
  }

  @Test
  void tellsWhyAProcessEnded(@TempDir Path directory) throws IOException {
    try (ChildJvm jvm =
        ChildJvm.start("no.such.Main", List.of(), List.of(), directory.resolve("log"))) {
      IOException failure = assertThrows(IOException.class, jvm::readLine);
      assertTrue(String.valueOf(failure.getMessage()).contains("no.such.Main"), failure::toString);
    }
  }
}
