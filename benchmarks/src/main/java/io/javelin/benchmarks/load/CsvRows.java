package io.javelin.benchmarks.load;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Feature rows of a CSV file with a header line. A last column named `label` is the expected
/// answer and not a feature.
public final class CsvRows {
  private static final String LABEL = "label";

  private final List<double[]> features;
  private final List<Long> labels;

  private CsvRows(List<double[]> features, List<Long> labels) {
    this.features = List.copyOf(features);
    this.labels = List.copyOf(labels);
  }

  /// Reads a file.
  ///
  /// @throws IllegalArgumentException naming file and line when it is not such a file
  public static CsvRows read(Path file) throws IOException {
    return parse(file.toString(), Files.readAllLines(file));
  }

  static CsvRows parse(String name, List<String> lines) {
    if (lines.isEmpty()) {
      throw new IllegalArgumentException(name + ": expected a header line, the file is empty");
    }
    String[] columns = lines.getFirst().split(",", -1);
    boolean labelled = columns[columns.length - 1].strip().equals(LABEL);
    List<double[]> features = new ArrayList<>();
    List<Long> labels = new ArrayList<>();
    for (int i = 1; i < lines.size(); i++) {
      if (lines.get(i).isBlank()) {
        continue;
      }
      double[] values = parseLine(name, i + 1, lines.get(i), columns.length);
      int width = labelled ? values.length - 1 : values.length;
      features.add(Arrays.copyOf(values, width));
      if (labelled) {
        labels.add((long) values[width]);
      }
    }
    if (features.isEmpty()) {
      throw new IllegalArgumentException(name + ": expected at least one row after the header");
    }
    return new CsvRows(features, labels);
  }

  private static double[] parseLine(String name, int line, String text, int columns) {
    String[] cells = text.split(",", -1);
    if (cells.length != columns) {
      throw new IllegalArgumentException(
          name + ":" + line + ": expected " + columns + " columns, found " + cells.length);
    }
    double[] values = new double[columns];
    for (int i = 0; i < columns; i++) {
      try {
        values[i] = Double.parseDouble(cells[i].strip());
      } catch (NumberFormatException e) {
        throw new IllegalArgumentException(
            name + ":" + line + ": expected a number, found '" + cells[i] + "'", e);
      }
    }
    return values;
  }

  /// Number of rows, at least 1.
  public int size() {
    return features.size();
  }

  /// The values of one row, without the label. The array is shared and must not be changed.
  double[] features(int row) {
    return features.get(row);
  }

  /// Whether the file has a column `label`.
  public boolean isLabelled() {
    return !labels.isEmpty();
  }

  /// The label of one row of a labelled file.
  public long label(int row) {
    return labels.get(row);
  }
}
