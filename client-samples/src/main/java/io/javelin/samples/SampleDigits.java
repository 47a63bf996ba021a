package io.javelin.samples;

import java.io.BufferedReader;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// Ten images to try the model with.
final class SampleDigits {
  private final List<String[]> rows;

  private SampleDigits(List<String[]> rows) {
    this.rows = rows;
  }

  static SampleDigits load() throws IOException {
    try (InputStream file = SampleDigits.class.getResourceAsStream("digits.csv")) {
      if (file == null) {
        throw new FileNotFoundException("digits.csv");
      }
      var reader = new BufferedReader(new InputStreamReader(file, StandardCharsets.UTF_8));
      return new SampleDigits(reader.lines().skip(1).map(line -> line.split(",", -1)).toList());
    }
  }

  int size() {
    return rows.size();
  }

  /// Grey values 0 to 16, row by row.
  float[] pixels(int image) {
    String[] cells = rows.get(image);
    float[] pixels = new float[cells.length - 1];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = Float.parseFloat(cells[i]);
    }
    return pixels;
  }

  /// What the image shows.
  int digit(int image) {
    String[] cells = rows.get(image);
    return Integer.parseInt(cells[cells.length - 1]);
  }
}
