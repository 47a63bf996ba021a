package io.javelin.server.e2e;

import java.io.IOException;
import java.nio.file.Files;
import java.util.List;

/// The demo's held-out rows, as features; the last column of the files is the true label.
final class DemoRows {
  private DemoRows() {}

  static float[][] of(String model) throws IOException {
    List<String> lines = Files.readAllLines(DemoServer.DEMO.resolve("data/" + model + ".csv"));
    return lines.stream().skip(1).map(DemoRows::features).toArray(float[][]::new);
  }

  private static float[] features(String line) {
    String[] cells = line.split(",", -1);
    float[] row = new float[cells.length - 1];
    for (int i = 0; i < row.length; i++) {
      row[i] = Float.parseFloat(cells[i]);
    }
    return row;
  }
}
