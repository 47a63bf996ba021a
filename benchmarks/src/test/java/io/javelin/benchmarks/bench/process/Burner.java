package io.javelin.benchmarks.bench.process;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;

/// A process that allocates a known amount when it is told to.
final class Burner {
  static final long ALLOCATED_BYTES = 100L << 20;

  private static final int CHUNK = 1 << 20;

  private Burner() {}

  public static void main(String[] arguments) throws IOException {
    try (BufferedReader commands =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
      System.out.println("ready");
      String command = commands.readLine();
      long sum = 0;
      for (long left = ALLOCATED_BYTES; left > 0; left -= CHUNK) {
        sum += new byte[CHUNK].length;
      }
      System.out.println(sum == ALLOCATED_BYTES && "go".equals(command) ? "done" : "wrong");
      commands.readLine();
    }
  }
}
